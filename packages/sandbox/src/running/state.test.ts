import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDir, type Running, readState, removeState, startTimeOf, stateDir, writeState } from './state.js';

describe('the state of a running sandbox', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'heddle-state-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const running = (dir: string, more: Partial<Running> = {}): Running => ({
    name: 'one',
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? '',
    scenario: 's',
    kubeconfig: join(dir, 'kubeconfig'),
    apiUrl: 'https://127.0.0.1:1',
    gatewayUrl: 'http://127.0.0.1:2',
    clientUrl: 'http://127.0.0.1:3',
    ...more,
  });

  it('is kept below XDG_STATE_HOME, and found again while the process lives', () => {
    const dir = stateDir({ XDG_STATE_HOME: home }, 'one');
    expect(dir).toBe(join(home, 'heddle', 'one'));
    expect(readState(dir)).toBeUndefined();
    const mine = running(dir);
    makeDir(dir);
    writeState(dir, mine);
    expect(readState(dir)).toEqual(mine);
    removeState(dir);
    expect(readState(dir)).toBeUndefined();
  });

  it('is nothing, and cleared away, once the process is gone or another has its pid', () => {
    const dir = stateDir({ XDG_STATE_HOME: home }, 'one');
    const dead = running(dir, { startTime: 'long ago' });
    makeDir(dir);
    writeFileSync(dead.kubeconfig, '');
    writeState(dir, dead);
    expect(readState(dir)).toBeUndefined();
    expect(existsSync(dead.kubeconfig)).toBe(false);
    expect(existsSync(dir)).toBe(false);
    makeDir(dir);
    writeFileSync(join(dir, 'sandbox.json'), 'not JSON');
    expect(readState(dir)).toBeUndefined();
  });

  it('tells processes apart by when they began', () => {
    expect(startTimeOf(process.pid)).toMatch(/\S/);
    expect(startTimeOf(process.pid)).toBe(startTimeOf(process.pid));
    expect(startTimeOf(process.ppid)).not.toBe(undefined);
    expect(startTimeOf(2 ** 22 + 1)).toBeUndefined();
  });
});
