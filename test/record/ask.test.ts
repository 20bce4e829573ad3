import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../scripts/record/answer/ask.js';
import { generateCase } from '../../scripts/record/generate/generate-case.js';

/** Copies cases as they are; leaves `left` out with a word, and fails for a batch that holds `poison`. */
const PROGRAM = `#!/bin/sh
for file in "$2"/*.yaml; do
  name=$(basename "$file" .yaml)
  case $name in
  poison) echo "the proxy refused the configuration"; exit 3 ;;
  left) echo "LEFT OUT $name not confirmed" ;;
  *) cp "$file" "$1/" ;;
  esac
done
`;

describe('an answering program', () => {
  let folder = '';
  let command = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heddle-ask-'));
    command = join(folder, 'answer');
    await writeFile(command, PROGRAM);
    await chmod(command, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const named = (...ids: string[]) => ids.map((id, number) => ({ ...generateCase(1, number), id }));

  it('gets a folder of cases and writes them back; what it leaves out is told with its word', async () => {
    const { files, unanswered } = await ask(command, named('a', 'left', 'b'));
    expect([...files.keys()]).toEqual(['a', 'b']);
    expect(files.get('a')).toContain('id: a');
    expect([...unanswered]).toEqual([['left', 'LEFT OUT left not confirmed']]);
  });

  it('that fails is asked again with halves, so that one case costs no other its answer', async () => {
    const { files, unanswered } = await ask(command, named('a', 'b', 'c', 'poison', 'd'));
    expect([...files.keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(unanswered.get('poison')).toBe('exit code 3: the proxy refused the configuration');
  });

  it('is not called for nothing, and one that is not there is an error', async () => {
    expect((await ask(join(folder, 'nothing'), [])).files.size).toBe(0);
    await expect(ask(join(folder, 'nothing'), named('a'))).rejects.toThrow('ENOENT');
  });
});
