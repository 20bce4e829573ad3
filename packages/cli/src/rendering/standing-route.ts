import {
  type CleanReport,
  type ClearPlan,
  DEFAULT_ROUTE_NAME,
  describeRef,
  describeShares,
  type RoutePlan,
  type ServiceRef,
  type Version,
} from '@heddle/core';
import type { Paper } from '../terminal/output.js';
import { renderEffects, renderNotes, renderRouting } from './plan.js';
import { table } from './table.js';

/** The whole plan of a split, for `--dry-run`. */
export function renderSplitPlan(route: RoutePlan, paper: Paper): string {
  const { bold, cyan } = paper.style;
  const { plan, shares, name, services, was, notes } = route;
  return [
    `${bold(`Plan for ${serviceText(services)}`)}: ${cyan(describeShares(shares))} (standing route ${name}${was === undefined ? '' : `, now ${describeShares(was)}`})`,
    '',
    bold('Versions'),
    table(
      ['VERSION', 'SHARE', 'IS'],
      shares.map(({ version, weight, is }) => [version, `${weight} %`, versionText(is)]),
      paper,
      '  ',
    ),
    '',
    bold('Who is affected'),
    renderEffects(plan, paper),
    '',
    ...renderRouting(plan, 'none changes but as said above', paper),
    ...renderNotes(notes, paper),
  ].join('\n');
}

/** What a split has done. `flags`: what another command needs to reach the same cluster. */
export function renderSplit({ services, shares, name, unchanged, notes }: RoutePlan, flags: string, paper: Paper): string {
  const { bold, green } = paper.style;
  const [{ namespace, name: service } = { namespace: '', name: '' }] = services;
  return [
    `${bold(serviceText(services))}: ${green(describeShares(shares))} (standing route ${name}${unchanged ? ', as it was already' : ''})`,
    `Take it back: heddle route clear ${service}${nameFlag(name)} -n ${namespace}${flags}`,
    ...renderNotes(notes, paper),
  ].join('\n');
}

export function renderClearPlan(clear: ClearPlan, paper: Paper): string {
  const { bold } = paper.style;
  const { plan, name, services, was, by } = clear;
  const now = was === undefined ? 'its record is gone' : `${describeShares(was)}${by === undefined ? '' : `, by ${by.user}@${by.host}`}`;
  return [
    `${bold(`Plan for ${serviceText(services)}`)}: standing route ${name} is taken back (${now})`,
    '',
    bold('Who is affected'),
    renderEffects(plan, paper),
    '',
    ...renderRouting(plan, 'none changes but as said above', paper),
    ...renderNotes(plan.notes, paper),
  ].join('\n');
}

export function renderClearing({ clear, report }: { readonly clear: ClearPlan; readonly report: CleanReport }, { style }: Paper): string {
  const { services, name } = clear;
  const done = report.left.length === 0 ? 'is taken back' : 'is taken back in part';
  return [
    `${style.bold(serviceText(services))}: standing route ${name} ${done}`,
    ...report.removed.map(({ ref, how }) => `  ${how === 'deleted' ? '-' : '~'} ${describeRef(ref)} ${style.dim(`(${how})`)}`),
    ...report.left.map(({ ref, why }) => style.red(`Left: ${describeRef(ref)}: ${why}`)),
  ].join('\n');
}

/** `shop/cart:8080,9090` */
function serviceText(services: readonly ServiceRef[]): string {
  const [{ namespace, name } = { namespace: '', name: '' }] = services;
  return `${namespace}/${name}:${services.map(({ port }) => port).join(',')}`;
}

function versionText(version: Version): string {
  if (version.realise === 'service') return `Service ${version.service.namespace}/${version.service.name}`;
  const labels = Object.entries(version.labels).map(([key, value]) => `${key}=${value}`);
  return `${version.realise} ${version.ref ?? version.id} (pods with ${labels.join(', ') || 'any labels'})`;
}

const nameFlag = (name: string) => (name === DEFAULT_ROUTE_NAME ? '' : ` --name ${name}`);
