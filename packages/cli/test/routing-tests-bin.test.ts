import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseFolder, caseFolder } from './support/routing-test-files.js';
import { expectShape } from './support/schemas.js';
import { heddle } from './support/spawn-heddle.js';

const goldens = fileURLToPath(new URL('../../conformance/goldens', import.meta.url));
const some = [join(goldens, 'istio/istio-0001.yaml'), join(goldens, 'kuma/kuma-0005.yaml')];

let folder: CaseFolder;
let wrong: string;
let env: Record<string, string>;
beforeAll(() => {
  folder = caseFolder();
  env = { HOME: folder.path };
  wrong = folder.write(
    'wrong.yaml',
    `mesh: istio\nobjects: []\nclient: {}\nrequests:\n- {url: 'http://reviews/', expect: {status: 200}}\n`,
  );
});
afterAll(() => folder.remove());

describe('the program tests routing', () => {
  it('of recorded cases of two meshes', async () => {
    const { code, stdout, stderr } = await heddle(['test', ...some], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ok {3}.*istio-0001\.yaml {2}5 passed\nok {3}.*kuma-0005\.yaml {2}\d+ passed\n\n\d+ passed, 0 failed\n$/);
  });

  it('with 6 for what is not as expected, and 2 for mistakes in a file', async () => {
    expect(await heddle(['test', ...some, wrong], env)).toMatchObject({ code: 6 });
    const broken = folder.write('broken.yaml', 'requests: 1\n');
    expect(await heddle(['test', broken, wrong, ...some], env)).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/\n\d+ passed, 1 failed, 2 mistakes in case files\n$/),
    });
    expect(await heddle(['test'], env)).toMatchObject({ code: 2, stdout: '' });
  });

  it('in four forms', async () => {
    const [json, junit, tap] = await Promise.all(['json', 'junit', 'tap'].map((form) => heddle(['test', ...some, wrong, '-o', form], env)));
    expectShape('test', JSON.parse(json?.stdout ?? ''));
    expect(junit?.stdout).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites .*failures="1" errors="0">\n[\s\S]*<\/testsuites>\n$/,
    );
    expect(tap?.stdout).toMatch(/^TAP version 14\n1\.\.\d+\nok 1 - .*\n[\s\S]*\nnot ok \d+ - .*\n {2}---\n[\s\S]*\n {2}\.\.\.\n$/);
    expect([json, junit, tap].map((one) => one?.code)).toEqual([6, 6, 6]);
  });
});
