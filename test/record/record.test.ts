import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { record } from '../../scripts/record/record.js';

/** Answers every request with a status that nothing has. */
const WRONG = `#!/bin/sh
for file in "$2"/*.yaml; do
  sed 's/^  - method: .*/&\\n    observed: {status: 599, outcomes: []}/' "$file" > "$1/$(basename "$file")"
done
`;

describe('npm run record', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heddle-record-test-'));
    for (const [name, text] of Object.entries({ wrong: WRONG, silent: '#!/bin/sh\n' })) {
      await writeFile(join(folder, name), text);
      await chmod(join(folder, name), 0o755);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function run(...args: string[]) {
    const lines: string[] = [];
    return { code: await record(args, (line) => lines.push(line)), text: lines.join('\n') };
  }

  it('says seed, count and versions, shows what differs with its request, and ends with 6', async () => {
    const out = join(folder, 'out');
    const args = [
      '--answer',
      join(folder, 'wrong'),
      '--seed',
      '9',
      '--from',
      '3',
      '--count',
      '2',
      '--batch',
      '1',
      '--istio',
      '1.31',
      '--envoy',
      '1.40.0',
    ];
    const { code, text } = await run(...args, '--out', out);
    expect(code).toBe(6);
    expect(text).toMatch(/^seed 9, 2 cases from number 3 \(virtual-services\); Istio 1\.31, Envoy 1\.40\.0, heddle \d/);
    expect(text).toContain('DIFFERS generated-9-3');
    expect(text).toMatch(/request 0: \w+ http:/);
    expect(text).toContain('status: expected 599');
    expect(text).toContain('seed 9: 2 cases with 20 requests were answered; 0 answers are equal, 2 cases differ.');
    expect(text).toContain('differ: 3, 4');
    expect((await readdir(out)).sort()).toEqual(['generated-9-3.yaml', 'generated-9-4.yaml']);
  });

  it('does not take silence for agreement', async () => {
    const { code, text } = await run('--answer', join(folder, 'silent'), '--count', '1');
    expect(code).toBe(1);
    expect(text).toContain('1 cases without an answer:\n  generated-1-0: left out');
  });

  it('says how it is called', async () => {
    const { code, text } = await run('--count', '1');
    expect(code).toBe(2);
    expect(text).toContain('--answer is missing');
    expect(text).toContain('usage: npm run record');
  });
});
