import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseFile } from '../case-file.ts';
import type { RoutingCase } from '../routing-case.ts';

/** What the answering program made of some cases: the text of each file that it wrote, by id. */
export interface Answers {
  readonly files: ReadonlyMap<string, string>;
  /** What the program said of the cases that it left out, or that made it fail. */
  readonly unanswered: ReadonlyMap<string, string>;
}

/**
 * Calls `COMMAND OUT CASEFOLDER` for a batch. A batch that makes the program fail is halved until the case to blame is alone, so one
 * case that a proxy refuses costs no other its answer.
 */
export async function ask(command: string, cases: readonly RoutingCase[]): Promise<Answers> {
  if (cases.length === 0) return { files: new Map(), unanswered: new Map() };
  const folder = await mkdtemp(join(tmpdir(), 'heddle-record-'));
  try {
    const [asked, out] = [join(folder, 'cases'), join(folder, 'answers')];
    await mkdir(asked);
    await mkdir(out);
    for (const one of cases) await writeFile(join(asked, `${one.id}.yaml`), caseFile(one));
    const { code, said } = await run(command, [out, asked]);
    if (code !== 0 && cases.length > 1) {
      const half = Math.ceil(cases.length / 2);
      return merged(await ask(command, cases.slice(0, half)), await ask(command, cases.slice(half)));
    }
    const files = new Map<string, string>();
    const unanswered = new Map<string, string>();
    for (const { id } of cases) {
      const text = code === 0 ? await readFile(join(out, `${id}.yaml`), 'utf8').catch(() => undefined) : undefined;
      if (text === undefined) unanswered.set(id, lastWord(said, id, code));
      else files.set(id, text);
    }
    return { files, unanswered };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const merged = (a: Answers, b: Answers): Answers => ({
  files: new Map([...a.files, ...b.files]),
  unanswered: new Map([...a.unanswered, ...b.unanswered]),
});

function lastWord(said: string, id: string, code: number): string {
  const lines = said.trim().split('\n');
  const about = lines.find((line) => line.split(/\s+/).includes(id));
  return (about ?? (code === 0 ? 'left out' : `exit code ${code}: ${lines.slice(-3).join(' ')}`)).slice(0, 600);
}

function run(command: string, args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, said: Buffer.concat(parts).toString() }));
  });
}
