import { fastHelp } from './help/fast.js';

/** What bin/run.js calls: help from the manifests if that will do, else the whole program. */
export async function start(argv: readonly string[], root: string): Promise<void> {
  const { stdout } = process;
  const help = fastHelp(argv, root, process.env, { isTTY: stdout.isTTY === true, columns: stdout.columns });
  if (help !== undefined) {
    // A reader that went away early (`| head`) is no error.
    stdout.on('error', () => undefined);
    stdout.write(help);
    return;
  }
  const { main } = await import('./main.js');
  await main(argv, { root });
}
