import { fastHelp } from './help/fast.js';
import { COMPLETE_COMMAND } from './services/completion/scripts.js';

/** What bin/run.js calls: help and completion from the manifests if that will do, else the whole program. */
export async function start(argv: readonly string[], root: string): Promise<void> {
  const { stdout } = process;
  if (argv[0] === COMPLETE_COMMAND) {
    const { answerCompletion } = await import('./services/completion/answer.js');
    const answer = await answerCompletion(argv.slice(argv[1] === '--' ? 2 : 1), { root, env: process.env, cwd: process.cwd() });
    // Not waiting for a cluster that has not answered in time, or for a reader that went away.
    stdout.on('error', () => process.exit());
    stdout.write(answer, () => process.exit());
    return;
  }
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
