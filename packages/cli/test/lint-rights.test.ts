import type { AccessCheck } from '@heddle/core';
import type { Sandbox } from '@heddle/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from './support/run-command.js';
import { sandboxBindings, tomcatSandbox } from './support/sandbox-world.js';
import { expectShape } from './support/schemas.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await tomcatSandbox();
});
afterAll(() => sandbox.stop());

/** What lint says to somebody who may not list this. */
async function lint(denied: (check: AccessCheck) => boolean, ...line: string[]) {
  const allow = sandbox.faults.deny((check, client) => client === 'guest' && check.verb === 'list' && denied(check));
  try {
    return await runCommand(['lint', ...line], sandboxBindings(sandbox, 'guest'));
  } finally {
    allow();
  }
}

describe('heddle lint without all rights', () => {
  it('that may list nothing finds nothing right, and ends as what the cluster refuses does', async () => {
    const { code, stdout, stderr } = await lint(() => true);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain(
      'Error: You may list nothing that heddle lint looks at in cluster sandbox: VirtualService.networking.istio.io,',
    );
    expect(stderr).toContain('kubectl auth can-i list virtualservices.networking.istio.io -A');
    expect(stderr).toContain('code: lint-unread (exit 4)');
  });

  it('says so in JSON too', async () => {
    const { code, stdout } = await lint(() => true, '-o', 'json');
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'lint-unread', exit: 4 } });
  });

  it('looks at what it may list, says what is missing, and takes nothing that it has not seen for absent', async () => {
    const { code, stdout, stderr } = await lint(({ resource }) => resource === 'services' || resource === 'destinationrules', '-A');
    expect(code).toBe(4);
    expect(stdout).toMatch(
      /^Note: Not read, for lack of rights: DestinationRule\.networking\.istio\.io, Service in all namespaces\. What depends on that is not looked at\.\n\nNothing wrong in what could be read, \d+ objects/,
    );
    expect(stderr).toContain('Error: You may not list 2 kinds of objects that heddle lint looks at, so more may be wrong than it says.');
  });

  it('reads the one namespace where it may not read all, and finds what is wrong there', async () => {
    const cluster = sandbox.cluster('admin');
    const weights = [60, 50].map((weight) => ({ destination: { host: 'tomcat', port: { number: 8080 } }, weight }));
    await cluster.create({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { namespace: 'mesh-demo', name: 'sum' },
      spec: { hosts: ['sum.example.com'], gateways: ['tomcat-gateway'], http: [{ route: weights }] },
    });
    const { code, stdout } = await lint(({ namespace }) => namespace !== 'mesh-demo', '-o', 'json');
    expect(code).toBe(4);
    const report = JSON.parse(stdout);
    expectShape('lint', report);
    expect(report.unread).toContainEqual({ group: '', kind: 'Service', plural: 'services', onlyIn: 'mesh-demo' });
    expect(report.unread).toContainEqual({ group: '', kind: 'Namespace', plural: 'namespaces' });
    expect(report.findings.filter(({ severity }: { severity: string }) => severity !== 'info')).toMatchObject([{ code: 'weights-sum' }]);
  });

  it('says that rules whose records it may not list are not looked at', async () => {
    await sandbox.cluster('admin').create({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { namespace: 'mesh-demo', name: 'heddle-x' },
      spec: {
        hosts: ['x.example.com'],
        http: [{ name: 'heddle/session/mesh-demo/t1a2b3c4/0', route: [{ destination: { host: 'tomcat.mesh-demo.svc.cluster.local' } }] }],
      },
    });
    const { stdout } = await lint(({ resource }) => resource === 'leases', '-A');
    expect(stdout).toContain('Not read, for lack of rights: Lease.coordination.k8s.io in all namespaces.');
    const within = await lint(({ resource, namespace }) => resource === 'leases' && namespace === undefined);
    expect(within.stdout).toContain('warning leftover-rule');
    expect(within.stdout).toContain('Lease.coordination.k8s.io in other namespaces than mesh-demo');
  });
});
