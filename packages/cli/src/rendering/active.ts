import type { ForwardStats } from '@heddle/core';
import { placeOf } from '../services/local-port.js';
import type { ActiveDocument, ProofDocument } from '../services/mesh/active-document.js';
import type { Paper } from '../terminal/output.js';
import type { Style } from '../terminal/style.js';

/** What is printed when a session is up. */
export function renderActive(active: ActiveDocument, paper: Paper): string {
  const { style } = paper;
  const places = active.ports.map(({ local }) => placeOf(local)).join(', ');
  const row = (label: string, lines: readonly string[]) =>
    lines.map((line, index) => `  ${style.dim((index === 0 ? label : '').padEnd(9))}${line}`);
  return [
    `${style.green('Requests')} to ${style.bold(`${active.service}.${active.namespace}`)} with ${style.cyan(active.requests)} now reach ${style.bold(places)}.`,
    ...row(
      'try it',
      active.curl.map(
        ({ from, command }) => `${command}  ${style.dim(from === 'mesh' ? '# from a pod in the mesh' : '# through the gateway')}`,
      ),
    ),
    ...row('note', active.ownHeader ? ['callers in between must pass this header on'] : []),
    ...row('proof', proofLines(active.proofs, style)),
    ...row('end it', [`Ctrl-C, or: ${active.stop}`]),
  ].join('\n');
}

/** One line per view; the service's port is named where there are several. */
export function proofLines(proofs: readonly ProofDocument[], style: Style): readonly string[] {
  const several = new Set(proofs.map(({ port }) => port)).size > 1;
  return proofs.map(({ view, port, state, why }) => {
    const verdict = state === 'proved' ? style.green('proved') : style.yellow('written, not proved');
    return `${view}${several ? `, the service's port ${port}` : ''}: ${verdict}${why === undefined ? '' : style.dim(` (${why})`)}`;
  });
}

/** `12 connections (2 open, 1 failed), 3.4 KiB in, 120 KiB out`. In: towards this machine. */
export function statsLine(stats: readonly ForwardStats[]): string {
  const sum = (pick: (each: ForwardStats) => number) => stats.reduce((total, each) => total + pick(each), 0);
  const total = sum(({ total: each }) => each);
  const failed = sum(({ failed: each }) => each);
  const inner = [`${sum(({ open }) => open)} open`, ...(failed === 0 ? [] : [`${failed} failed`])].join(', ');
  return `${total} connection${total === 1 ? '' : 's'} (${inner}), ${bytes(sum(({ bytesIn }) => bytesIn))} in, ${bytes(sum(({ bytesOut }) => bytesOut))} out`;
}

export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}
