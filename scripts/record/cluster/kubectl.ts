import { spawn } from 'node:child_process';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs kubectl with what is given on its standard input; never throws for what kubectl says. */
export function kubectl(args: readonly string[], input = ''): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', args, { stdio: 'pipe' });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (part: Buffer) => out.push(part));
    child.stderr.on('data', (part: Buffer) => err.push(part));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** The same where a failure is the end: throws an Error with what kubectl said. */
export async function mustKubectl(args: readonly string[], input = ''): Promise<string> {
  const { code, out, err } = await kubectl(args, input);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${err.trim()}`);
  return out;
}
