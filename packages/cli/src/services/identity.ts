import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { Identity } from '@heddle/core';

/** What the system tells about processes and about itself; Linux and macOS differ, others know less. */
export interface SystemFacts {
  readonly platform: NodeJS.Platform;
  readonly readFile: (path: string) => string | undefined;
  readonly readLink: (path: string) => string | undefined;
  /** A program's output; `undefined` when it fails. */
  readonly run: (file: string, args: readonly string[]) => string | undefined;
  /** Whether a process with that id exists, ours or not. */
  readonly exists: (pid: number) => boolean;
  readonly hostname: string;
  readonly user: string;
}

/** This process, told apart from a later one with the same id. */
export function identityOf(pid: number, system: SystemFacts): Identity {
  return { user: system.user, host: system.hostname, pid, startTime: startTimeOf(pid, system) ?? '', bootId: bootIdOf(system) };
}

/**
 * Whether the process of an identity on this machine has ended; `undefined` when that cannot be told: another host or user, another
 * machine or container that merely has our host's name, a system that tells no start times.
 */
export function isGoneOn(system: SystemFacts): (identity: Identity) => boolean | undefined {
  return (identity) => {
    if (identity.host !== system.hostname || identity.user !== system.user) return undefined;
    const [machine, boot, pids] = partsOf(identity.bootId);
    const [ourMachine, ourBoot, ourPids] = partsOf(bootIdOf(system));
    if (boot === '' || ourBoot === '') return undefined;
    if (boot !== ourBoot) return machine !== '' && machine === ourMachine ? true : undefined;
    if (pids !== ourPids) return undefined;
    if (!system.exists(identity.pid) || isZombie(identity.pid, system)) return true;
    const startTime = startTimeOf(identity.pid, system);
    if (startTime === undefined || identity.startTime === '') return undefined;
    return startTime !== identity.startTime;
  };
}

/** `machine/boot/pid namespace`: a reboot changes the second part, a container has its own third. */
function bootIdOf(system: SystemFacts): string {
  const machine = machineIdOf(system);
  // The machine's id is not to be shown to others; a hash tells machines apart as well.
  const hashed = machine === '' ? '' : createHash('sha256').update(`heddle ${machine}`).digest('hex').slice(0, 12);
  const namespace = system.readLink('/proc/self/ns/pid')?.match(/\d+/)?.[0] ?? '';
  return [hashed, bootOf(system), namespace].join('/');
}

function machineIdOf(system: SystemFacts): string {
  if (system.platform === 'darwin') {
    return system.run('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'])?.match(/"IOPlatformUUID" = "([^"]+)"/)?.[1] ?? '';
  }
  return system.readFile('/etc/machine-id')?.trim() ?? '';
}

function bootOf(system: SystemFacts): string {
  if (system.platform === 'darwin') return system.run('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'])?.trim() ?? '';
  return system.readFile('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

function startTimeOf(pid: number, system: SystemFacts): string | undefined {
  if (system.platform === 'linux') {
    return statFields(pid, system)?.[19];
  }
  if (system.platform === 'darwin') return system.run('/bin/ps', ['-o', 'lstart=', '-p', String(pid)])?.trim() || undefined;
  return undefined;
}

/** Ended, but its parent has not yet asked how: it will never run again. */
function isZombie(pid: number, system: SystemFacts): boolean {
  if (system.platform === 'linux') return /^[ZX]$/.test(statFields(pid, system)?.[0] ?? '');
  if (system.platform === 'darwin') return system.run('/bin/ps', ['-o', 'stat=', '-p', String(pid)])?.startsWith('Z') === true;
  return false;
}

/** proc(5): the fields from the third (state) on; the second, the program's name in brackets, may hold spaces and brackets itself. */
function statFields(pid: number, system: SystemFacts): readonly string[] | undefined {
  const stat = system.readFile(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function partsOf(bootId: string): readonly [string, string, string] {
  const [machine = '', boot = '', namespace = ''] = bootId.split('/');
  return [machine, boot, namespace];
}

/** The facts of the machine that heddle runs on. `run` is handed in, since it is needed on macOS only. */
export function systemFacts(run: SystemFacts['run']): SystemFacts {
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch {
      return undefined;
    }
  };
  return {
    platform: process.platform,
    readFile: (path) => attempt(() => readFileSync(path, 'utf8')),
    readLink: (path) => attempt(() => readlinkSync(path)),
    run,
    exists: (pid) => {
      try {
        process.kill(pid, 0);
        return true;
      } catch (error) {
        // EPERM: it exists, but belongs to somebody else.
        return error instanceof Error && 'code' in error && error.code === 'EPERM';
      }
    },
    hostname: hostname(),
    user: attempt(() => userInfo().username) ?? 'unknown',
  };
}
