import type { Sandbox } from '@heddle/sandbox';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { runCommand } from './support/run-command.js';
import { sandboxBindings, tomcatSandbox } from './support/sandbox-world.js';
import { expectShape } from './support/schemas.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await tomcatSandbox();
});
afterAll(() => sandbox.stop());

const run = (...line: string[]) => runCommand(line, sandboxBindings(sandbox));

async function json(name: string, ...line: string[]) {
  const { stdout, code, stderr } = await run(...line, '-o', 'json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const value: unknown = JSON.parse(stdout);
  expectShape(name, value);
  return value;
}

describe('route show', () => {
  it('shows a table for each set of callers, with who decides', async () => {
    const { code, stdout, stderr } = await run('route', 'show', 'tomcat');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^mesh-demo\/tomcat:8080 on Istio\n/);
    expect(stdout).toMatch(
      /Pods in the mesh, port 8080: tomcat\.mesh-demo, .*\n.*REQUESTS +GO TO +BY\n +every request +tomcat\.mesh-demo:8080 +implicit/,
    );
    expect(stdout).toMatch(
      /Gateway in istio-system .*: tomcat\.mesh\.com\n.*\n +1 +every request +v1 of .* +VirtualService mesh-demo\/tomcat #1\n +else +404 from the proxy/,
    );
    expect(stdout).not.toContain('passthrough');
  });

  it('has a stable JSON shape, and YAML says the same', async () => {
    const value = await json('route-show', 'route', 'show', 'tomcat:8080');
    expect(value).toMatchObject({ mesh: 'Istio', services: [{ namespace: 'mesh-demo', name: 'tomcat', port: 8080 }] });
    expect(load((await run('route', 'show', 'tomcat:8080', '-o', 'yaml')).stdout)).toEqual(value);
  });

  it('names what there is for an unknown service or port', async () => {
    const service = await run('route', 'show', 'tomcta');
    expect(service).toMatchObject({ code: 2, stdout: '' });
    expect(service.stderr).toMatch(
      /^Error: There is no service tomcta in namespace mesh-demo\.\n {2}next: Did you mean tomcat\?\n {4}or: Services there: tomcat\n {2}code: unknown-service \(exit 2\)\n$/,
    );
    const port = await run('route', 'show', 'tomcat:9');
    expect(port.stderr).toContain('Error: Service tomcat in namespace mesh-demo has no port 9; it has 8080');
    expect(port.code).toBe(2);
  });
});

describe('route show by somebody who may not list Services', () => {
  const guest = async (...line: string[]) => {
    const allow = sandbox.faults.deny(({ resource, verb }, client) => client === 'guest' && resource === 'services' && verb === 'list');
    try {
      return await runCommand(['route', 'show', ...line], sandboxBindings(sandbox, 'guest'));
    } finally {
      allow();
    }
  };

  it('says that they could not be read, and not that there are none', async () => {
    const { code, stdout, stderr } = await guest('tomcat');
    expect(code).toBe(6);
    expect(stdout).toContain('It cannot be told which rules of the mesh are for it.');
    expect(stdout).toContain('Not read: Service in all namespaces could not be read (forbidden)');
    expect(stdout).not.toContain('there is no Service');
    expect(stderr).toContain('Where requests for tomcat go depends on objects that you may not list');
    expectShape('route-show', JSON.parse((await guest('tomcat', '-o', 'json')).stdout));
  });

  it('does not take a namespace for empty that it may not look into', async () => {
    const { code, stderr } = await guest('tomcta');
    expect(code).toBe(2);
    expect(stderr).toContain('Which services there are could not be listed');
    expect(stderr).not.toContain('has no services');
  });

  it('nor does explain', async () => {
    const allow = sandbox.faults.deny(({ resource, verb }, client) => client === 'guest' && resource === 'services' && verb === 'list');
    const { code, stdout, stderr } = await runCommand(['explain', 'http://tomcat:8080/'], sandboxBindings(sandbox, 'guest'));
    allow();
    expect(code).toBe(6);
    expect(stdout).not.toContain('No Service is called tomcat');
    expect(stderr).toContain('depends on objects that you may not list, which heddle cannot read');
  });
});

describe('sessions and clean, with nothing there', () => {
  it('say so', async () => {
    expect((await run('sessions', 'list')).stdout).toBe('No sessions in namespace mesh-demo.\n');
    expect((await run('sessions', 'list', '-A')).stdout).toBe('No sessions in any namespace.\n');
    expect((await run('clean', '-A')).stdout).toBe('Nothing to clean up.\n');
  });

  it('have stable JSON shapes', async () => {
    expect(await json('session-list', 'sessions', 'list')).toEqual({ sessions: [] });
    expect(await json('clean', 'clean', '--dry-run')).toEqual({ sessions: [], orphans: [], removed: [], left: [], kept: [] });
  });

  it('refuse an unknown session', async () => {
    for (const verb of ['stop', 'recover']) {
      const { code, stderr } = await run('sessions', verb, 't1a2b3c4');
      expect(code).toBe(2);
      expect(stderr).toContain('Error: There is no session t1a2b3c4 in namespace mesh-demo.');
      expect(stderr).toContain('heddle sessions list -A');
    }
  });

  it('ask before live sessions are ended, and need --yes without a terminal', async () => {
    const { code, stderr } = await run('clean', '--force');
    expect(code).toBe(2);
    expect(stderr).toContain('code: consent-needed (exit 2)');
    expect((await run('clean', '--force', '--yes')).code).toBe(0);
  });
});

describe('adapters, clusters and version', () => {
  it('adapters lists what is installed, from where, and what it can do', async () => {
    const value = await json('adapters', 'adapters');
    expect(value).toMatchObject({
      adapters: [
        {
          id: 'istio',
          package: '@heddle/adapter-istio',
          origin: 'bundled',
          works: true,
          can: expect.arrayContaining(['to.service', 'view.mesh']),
        },
      ],
      tunnels: [{ id: 'ssh', works: true, protocols: ['tcp'] }],
    });
    expect((await run('adapters')).stdout).toMatch(
      /^ADAPTER +MESH +PACKAGE +ORIGIN +CAN\nistio +Istio +@heddle\/adapter-istio 0\.1\.0 +bundled/,
    );
  });

  it('adapters reports one that does not load, and still lists the others', async () => {
    const parts = ['istio', 'torn'].map((id) => ({
      kind: 'adapter' as const,
      id,
      apiVersion: 1,
      module: id,
      package: `@x/${id}`,
      version: '2.0.0',
      origin: 'user',
    }));
    const result = await runCommand(['adapters', '-o', 'json'], [bind(TOKENS.catalogue, { parts, problems: [] })]);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout).adapters).toMatchObject([
      { id: 'istio', works: true },
      { id: 'torn', works: false, origin: 'installed', problem: expect.stringContaining('does not work') },
    ]);
  });

  it('clusters asks each for its mesh, and none with --offline', async () => {
    const row = { context: 'sandbox', current: true, namespace: 'mesh-demo', mesh: 'auto', tunnel: 'ssh' };
    const answer = { reached: true, meshes: [{ adapter: 'istio', title: 'Istio', can: expect.arrayContaining(['to.service']) }] };
    expect(await json('clusters', 'clusters')).toMatchObject({ contexts: [{ ...row, answer }] });
    expect((await run('clusters')).stdout).toMatch(/\n\* +sandbox +mesh-demo +ssh +Istio \S+\nIstio \S+ cannot: /);
    const away = [bind(TOKENS.connectCluster, () => Promise.reject(new Error('no such certificate')))];
    const clusters = async (...line: string[]) => {
      const { stdout, code } = await runCommand(['clusters', ...line, '-o', 'json'], [...sandboxBindings(sandbox), ...away]);
      expect(code).toBe(0);
      return (JSON.parse(stdout) as { contexts: unknown[] }).contexts;
    };
    expect(await clusters('--offline')).toEqual([row]);
    expect(await clusters()).toEqual([{ ...row, answer: { reached: false, why: 'no such certificate' } }]);
  });

  it('version tells heddle, Node.js and the packages', async () => {
    expect(await json('version', 'version')).toMatchObject({ heddle: expect.stringMatching(/^\d+\.\d+\.\d+/), node: process.version });
  });
});

describe('errors', () => {
  it('are one line of JSON on stdout with -o json, and text on stderr', async () => {
    const { stdout, stderr, code } = await run('route', 'show', 'nothing', '-o', 'json');
    expect(code).toBe(2);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const value: unknown = JSON.parse(stdout);
    expectShape('error', value);
    expect(value).toMatchObject({ error: { code: 'unknown-service', exit: 2 } });
    expect(stderr).toContain('Error: There is no service nothing');
  });

  it('of the command line are usage errors that point at the help', async () => {
    const flag = await run('route', 'show', 'tomcat', '--namespcae', 'x');
    expect(flag).toMatchObject({ code: 2, stdout: '' });
    expect(flag.stderr).toBe(
      'Error: There is no flag --namespcae.\n  next: Did you mean --namespace?\n    or: See its help: heddle route show --help\n  code: usage (exit 2)\n',
    );
    const argument = await run('route', 'show');
    expect(argument.stderr).toContain('Error: The argument SERVICE is missing.\n  next: See its help: heddle route show --help\n');
  });
});
