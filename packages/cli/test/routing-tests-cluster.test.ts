import type { Sandbox } from '@heddle/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { type CaseFolder, caseFolder } from './support/routing-test-files.js';
import { runCommand } from './support/run-command.js';
import { sandboxBindings, tomcatSandbox } from './support/sandbox-world.js';

let folder: CaseFolder;
beforeAll(() => {
  folder = caseFolder();
});
afterAll(() => folder.remove());

describe('on a cluster', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await tomcatSandbox();
  });
  afterAll(() => sandbox.stop());

  it('cases without objects are about what runs there', async () => {
    const file = folder.write(
      'live.yaml',
      "client: {labels: {app: web}}\nrequests:\n- {url: 'http://tomcat:8080/', expect: {status: 200, outcomes: [{host: tomcat.mesh-demo.svc.cluster.local}]}}\n",
    );
    const queries: string[] = [];
    const cluster = sandbox.cluster('alice');
    const counting = {
      ...cluster,
      list: (...args: Parameters<typeof cluster.list>) => {
        queries.push(JSON.stringify(args));
        return cluster.list(...args);
      },
    };
    const two = folder.write('live2.yaml', folder.read('live.yaml'));
    const result = await runCommand(['test', file, two], [...sandboxBindings(sandbox), bind(TOKENS.connectCluster, async () => counting)]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    // Both cases ask for the same.
    expect(new Set(queries).size).toBe(queries.length);
  });

  it('pods are not recorded, whose names change', async () => {
    const file = folder.write('record.yaml', 'client: {}\nrequests:\n- url: http://tomcat:8080/\n');
    const record = await runCommand(['test', file, '--record'], sandboxBindings(sandbox));
    expect(record).toMatchObject({ code: 0, stdout: expect.stringContaining('1 recorded') });
    expect(folder.read('record.yaml')).toContain('- {probability: 1, host: tomcat.mesh-demo.svc.cluster.local, port: 8080, status: 200}');
    expect(await runCommand(['test', file], sandboxBindings(sandbox))).toMatchObject({ code: 0 });
  });

  it('a mesh that does not run there is a mistake of the case', async () => {
    const file = folder.write('kuma.yaml', `mesh: kuma\n${folder.read('live.yaml')}`);
    expect(await runCommand(['test', file], sandboxBindings(sandbox))).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('mesh: expected a mesh that cluster alice runs, received kuma'),
    });
  });
});
