import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { identityOf, isGoneOn, type SystemFacts, systemFacts } from './identity.js';

const stat = (pid: number, start: number, state: string) =>
  `${pid} (odd) name) ${state} 1 ${pid} ${pid} 0 -1 4194304 100 0 0 0 1 2 3 4 20 0 1 0 ${start} 12345 678\n`;

function linux(
  changes: {
    state?: string;
    boot?: string;
    machine?: string;
    namespace?: string;
    processes?: Record<number, number>;
    host?: string;
    user?: string;
  } = {},
): SystemFacts {
  const {
    boot = 'boot-1',
    machine = 'machine-1',
    namespace = 'pid:[1]',
    state = 'S',
    processes = { 10: 500 },
    host = 'laptop',
    user = 'alice',
  } = changes;
  const files: Record<string, string> = {
    '/proc/sys/kernel/random/boot_id': `${boot}\n`,
    ...(machine === '' ? {} : { '/etc/machine-id': `${machine}\n` }),
  };
  for (const [pid, start] of Object.entries(processes)) files[`/proc/${pid}/stat`] = stat(Number(pid), start, state);
  return {
    platform: 'linux',
    readFile: (path) => files[path],
    readLink: (path) => (path === '/proc/self/ns/pid' ? namespace : undefined),
    run: () => undefined,
    exists: (pid) => pid in processes,
    hostname: host,
    user,
  };
}

const alive = identityOf(10, linux());

describe('isGoneOn', () => {
  it.each<[string, SystemFacts, boolean | undefined]>([
    ['it runs', linux(), false],
    ['its pid is free', linux({ processes: {} }), true],
    ['it is a zombie, killed but not yet asked for by its parent', linux({ state: 'Z' }), true],
    ["its pid is another process's now", linux({ processes: { 10: 900 } }), true],
    ['the machine was restarted', linux({ boot: 'boot-2' }), true],
    ['another host', linux({ host: 'desktop', processes: {} }), undefined],
    ['another user', linux({ user: 'bob', processes: {} }), undefined],
    ['another machine of the same name', linux({ boot: 'boot-2', machine: 'machine-2', processes: {} }), undefined],
    ['another boot where no machine id is known', linux({ boot: 'boot-2', machine: '', processes: {} }), undefined],
    ['another container of this machine', linux({ namespace: 'pid:[2]', processes: {} }), undefined],
  ])('%s', (_, system, expected) => {
    expect(isGoneOn(system)(alive)).toBe(expected);
  });

  it('cannot tell without boot ids', () => {
    const blank = { ...linux(), readFile: () => undefined };
    expect(isGoneOn(blank)(identityOf(10, blank))).toBeUndefined();
  });

  it('asks ps and sysctl on macOS', () => {
    const mac = (start: string | undefined): SystemFacts => ({
      ...linux(),
      platform: 'darwin',
      readFile: () => undefined,
      readLink: () => undefined,
      run: (file, args) =>
        ({
          '/bin/ps': args.includes('stat=') ? 'S+' : start,
          '/usr/sbin/sysctl': 'BOOT-UUID\n',
          '/usr/sbin/ioreg': '"IOPlatformUUID" = "MACHINE"\n',
        })[file],
      exists: () => start !== undefined,
    });
    const identity = identityOf(10, mac('Tue Nov 24 06:27:00 2026'));
    expect(identity).toMatchObject({ startTime: 'Tue Nov 24 06:27:00 2026', bootId: expect.stringMatching(/^[0-9a-f]{12}\/BOOT-UUID\/$/) });
    expect(isGoneOn(mac('Tue Nov 24 06:27:00 2026'))(identity)).toBe(false);
    expect(isGoneOn(mac('Tue Nov 24 08:00:00 2026'))(identity)).toBe(true);
    expect(isGoneOn(mac(undefined))(identity)).toBe(true);
  });

  it("does not show the machine's id", () => {
    expect(alive.bootId).not.toContain('machine-1');
  });

  it('tells a real process from an ended one', async () => {
    const system = systemFacts(() => undefined);
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const identity = identityOf(child.pid ?? 0, system);
    expect(isGoneOn(system)(identity)).toBe(false);
    expect(isGoneOn(system)(identityOf(process.pid, system))).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isGoneOn(system)(identity)).toBe(true);
  });
});
