import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseFolder, caseFolder, RIGHT, WRONG } from './support/routing-test-files.js';
import { runCommand } from './support/run-command.js';
import { expectShape } from './support/schemas.js';
import { openTags } from './support/xml.js';

let folder: CaseFolder;
beforeAll(() => {
  folder = caseFolder();
});
afterAll(() => folder.remove());

const run = (...line: string[]) => runCommand(['test', ...line]);
const shop = (requests: string, head?: string) => folder.shop(requests, head);

describe('the text', () => {
  it('is a line for each file and the sum', async () => {
    const file = shop(RIGHT);
    expect(await run(file)).toEqual({ code: 0, stderr: '', stdout: `ok   ${file}  1 passed\n\n1 passed, 0 failed\n` });
  });

  it('shows of a failure the request, expected, got, and the rules that were tried', async () => {
    const file = shop(RIGHT + WRONG);
    const { code, stdout, stderr } = await run(file);
    expect({ code, stderr }).toEqual({ code: 6, stderr: '' });
    expect(stdout).toBe(`FAIL ${file}  1 passed, 1 failed

FAIL ${file}:8 case in line 1 › a half gets v2
     curl -X POST 'http://reviews:9080/it'\\''s'
       from a pod in shop (app=web)
     outcomes: version v2 gets 0.1 of the requests, not 0.5
       expected {probability: 0.5, version: v2}
       got      {probability: 0.9, host: reviews.shop.svc.cluster.local, port: 9080, subset: v1, version: v1, pods: [shop/reviews-v1-0], status: 200}
                {probability: 0.1, host: reviews.shop.svc.cluster.local, port: 9080, subset: v2, version: v2, pods: [shop/reviews-v2-0], status: 200}
     mirrors: nothing is mirrored
       expected {subset: v1}
       got      []
     rules that were tried
       no   VirtualService shop/reviews, rule 1 “jason”: header end-user: expected exact jason, got absent
       yes  VirtualService shop/reviews, rule 2: every request

1 passed, 1 failed
`);
  });

  it('names each request with --verbose', async () => {
    const { stdout } = await run(shop(RIGHT + WRONG, 'title: reviews\nclient: {namespace: shop}'), '--verbose');
    expect(stdout).toMatch(/^FAIL .*\n {5}reviews\n {7}ok {3}jason gets v2\n {7}FAIL a half gets v2\n/);
  });
});

describe('the other forms', () => {
  it('JSON and YAML say the same, in the published shape', async () => {
    const file = shop(RIGHT + WRONG);
    const { code, stdout } = await run(file, '-o', 'json');
    const value: unknown = JSON.parse(stdout);
    expect(code).toBe(6);
    expectShape('test', value);
    expect(value).toMatchObject({
      passed: 1,
      failed: 1,
      errors: 0,
      files: [
        {
          file,
          cases: [
            {
              mesh: 'Istio',
              client: { kind: 'sidecar', namespace: 'shop' },
              requests: [
                { result: 'passed' },
                { name: 'a half gets v2', line: 8, result: 'failed', differences: [{ what: 'outcomes' }, { what: 'mirrors', got: [] }] },
              ],
            },
          ],
        },
      ],
    });
    expect(load((await run(file, '-o', 'yaml')).stdout)).toEqual(value);
  });

  it('JUnit is XML, with a suite for each file', async () => {
    const file = shop(RIGHT + WRONG);
    const { code, stdout } = await run(file, '--output', 'junit');
    expect(code).toBe(6);
    expect(openTags(stdout)).toEqual([]);
    expect(stdout).toContain('<testsuites name="heddle test" tests="2" failures="1" errors="0">');
    expect(stdout).toContain(`<testcase classname="case in line 1" name="jason gets v2" file="${file}" line="4"/>`);
    expect(stdout).toContain(
      '<failure message="outcomes: version v2 gets 0.1 of the requests, not 0.5; mirrors: nothing is mirrored">curl -X POST',
    );
    expect(stdout).toContain('http://reviews:9080/it&apos;\\&apos;&apos;s');
  });

  it('TAP has a point for each request, and a YAML block for what failed', async () => {
    const file = shop(RIGHT + WRONG.replace('a half gets v2', "'a half #1 gets v2'"));
    const { code, stdout } = await run(file, '-o', 'tap');
    expect(code).toBe(6);
    const lines = stdout.split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'TAP version 14',
      '1..2',
      `ok 1 - ${file}: case in line 1: jason gets v2`,
      `not ok 2 - ${file}: case in line 1: a half \\#1 gets v2`,
    ]);
    const [from, to] = [lines.indexOf('  ---'), lines.indexOf('  ...')];
    const block = load(
      lines
        .slice(from + 1, to)
        .map((line) => line.slice(2))
        .join('\n'),
    );
    expect(block).toMatchObject({
      severity: 'fail',
      at: { file, line: 8 },
      expected: { mirrors: [{ subset: 'v1' }] },
      actual: { mirrors: [] },
    });
  });
});
