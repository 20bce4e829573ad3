import type { ForwardStats, SessionEvent } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { bufferTerminal } from '../../../test/support/buffer-terminal.js';
import { screen } from '../../../test/support/screen.js';
import { createOutput } from '../../terminal/output.js';
import type { ActiveDocument } from './active-document.js';
import { lineReporter, liveReporter, type Reporter } from './reporter.js';

const view = { plane: 'mesh' as const, clients: {} };
const stats = (total: number, bytesIn: number): readonly ForwardStats[] => [
  { port: 8080, open: 1, total, failed: 0, bytesIn, bytesOut: 1536 },
];
const active: ActiveDocument = {
  id: 't1',
  namespace: 'shop',
  service: 'web',
  ports: [{ port: '80', local: { host: '127.0.0.1', port: 3000 } }],
  match: { headers: [{ name: 'x-heddle', is: { exact: 't1' } }] },
  requests: 'x-heddle = t1',
  ownHeader: true,
  curl: [{ from: 'mesh', command: "curl -H 'x-heddle: t1' http://web.shop:80/" }],
  proofs: [{ view: 'pods in the mesh', port: 80, state: 'proved' }],
  stop: 'heddle sessions stop t1 -n shop',
};

/** A session's life, from its start to the loss of the tunnel, its return, and its end. */
function live(reporter: Reporter): void {
  const events: readonly SessionEvent[] = [
    { type: 'state', state: 'planned' },
    { type: 'state', state: 'provisioning' },
    { type: 'progress', message: 'waiting for pod heddle-web-t1 (ContainerCreating)' },
    { type: 'state', state: 'active' },
  ];
  for (const event of events) reporter.event(event, undefined);
  reporter.active(active);
  reporter.tick(stats(1, 10));
  reporter.event({ type: 'condition', condition: 'suspended', why: 'the tunnel is lost' }, undefined);
  reporter.event({ type: 'condition', condition: 'resumed', why: 'the tunnel is back' }, undefined);
  reporter.event({ type: 'proof', proofs: [{ view, port: 80, state: 'proved' }] }, undefined);
  reporter.event({ type: 'warning', code: 'not-renewed', message: 'The Lease could not be renewed' }, undefined);
}

function world(tty: boolean, quiet = false) {
  const terminal = bufferTerminal({ stdoutTTY: tty, stderrTTY: tty, columns: 100 });
  const output = createOutput(terminal, { output: 'text', quiet, verbose: true, yes: false }, { NO_COLOR: '1' });
  return { terminal, output };
}

describe('lineReporter', () => {
  it('gives a log one line per event, and redraws nothing', () => {
    const { terminal, output } = world(false);
    const reporter = lineReporter(output);
    live(reporter);
    reporter.end({ why: 'interrupted', left: [] });
    expect(terminal.stderr.text()).toBe(
      [
        'planned: the session is recorded in the cluster',
        'provisioning: starting the shadow and the tunnel to it',
        '  waiting for pod heddle-web-t1 (ContainerCreating)',
        'active: requests arrive here',
        'Warning: suspended: the tunnel is lost',
        'resumed: the tunnel is back',
        'proof pods in the mesh: proved',
        'Warning: The Lease could not be renewed',
        'Session ended; nothing of it is left in the cluster.\n',
      ].join('\n'),
    );
    expect(terminal.stdout.text()).toMatch(/^Requests to web\.shop with x-heddle = t1 now reach 127\.0\.0\.1:3000\.\n/);
  });

  it('tells of traffic once a minute at most, and only when there is some that is new', () => {
    const { terminal, output } = world(false);
    const reporter = lineReporter(output);
    for (let tick = 0; tick < 600; tick += 1) reporter.tick(stats(tick < 300 ? 0 : 2, 2048));
    expect(terminal.stderr.text()).toBe('2 connections (1 open), 2.0 KiB in, 1.5 KiB out\n');
  });

  it('keeps warnings and what to know of the session with --quiet', () => {
    const { terminal, output } = world(false, true);
    live(lineReporter(output));
    expect(terminal.stderr.text()).toBe('Warning: suspended: the tunnel is lost\nWarning: The Lease could not be renewed\n');
    expect(terminal.stdout.text()).toContain('now reach');
  });

  it.each([false, true])('lists what is left (quiet: %s)', (quiet) => {
    const { terminal, output } = world(false, quiet);
    const reporter = lineReporter(output);
    reporter.event({ type: 'state', state: 'planned' }, undefined);
    reporter.end({
      why: 'asked',
      left: [{ ref: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'heddle-web-t1' }, why: 'forbidden' }],
    });
    expect(terminal.stderr.text()).toContain('Session ended on request, but something is left:\n  Pod shop/heddle-web-t1: forbidden\n');
  });

  it('says nothing of the end of a session that never began', () => {
    const { terminal, output } = world(false);
    const reporter = lineReporter(output);
    reporter.event({ type: 'state', state: 'gone' }, undefined);
    reporter.end({ why: 'failed', left: [] });
    expect(terminal.stderr.text()).toBe('');
  });
});

describe('liveReporter', () => {
  it('keeps state and traffic in one line below the rest, which is redrawn', () => {
    const { terminal, output } = world(true);
    const reporter = liveReporter(output, terminal.stderr);
    live(reporter);
    for (let count = 2; count < 50; count += 1) reporter.tick(stats(count, count * 1024));
    const lines = screen(terminal.stderr.text());
    expect(lines.at(-1)).toBe('● active  49 connections (1 open), 49.0 KiB in, 1.5 KiB out');
    expect(lines.filter((line) => line.includes('connections'))).toHaveLength(1);
    expect(lines.some((line) => line.includes('ContainerCreating'))).toBe(false);
    expect(lines).toEqual(
      expect.arrayContaining([
        'Warning: suspended: the tunnel is lost',
        'resumed: the tunnel is back',
        'Warning: The Lease could not be renewed',
      ]),
    );
    reporter.detail('closely');
    reporter.end({ why: 'interrupted', left: [] });
    expect(screen(terminal.stderr.text()).slice(-2)).toEqual(['closely', 'Session ended; nothing of it is left in the cluster.']);
  });

  it('shows the last step and the condition while there is one', () => {
    const { terminal, output } = world(true);
    const reporter = liveReporter(output, terminal.stderr);
    reporter.event({ type: 'state', state: 'provisioning' }, undefined);
    reporter.event({ type: 'progress', message: 'waiting for pod' }, undefined);
    expect(screen(terminal.stderr.text()).at(-1)).toBe('○ provisioning  waiting for pod');
    reporter.event({ type: 'state', state: 'active' }, undefined);
    reporter.event({ type: 'condition', condition: 'suspended', why: 'the tunnel is lost' }, undefined);
    expect(screen(terminal.stderr.text()).at(-1)).toBe('● active (suspended)');
  });
});
