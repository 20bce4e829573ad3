import { describeRef } from '@heddle/core';
import { sentence } from '../errors/sentence.js';
import { wrap } from '../help/layout.js';
import type { LossDocument, WitnessDocument } from '../services/convert/convert-document.js';
import { listed } from '../services/files/assume/ready-pod.js';
import type { Paper } from '../terminal/output.js';
import { counted } from './counted.js';
import { clientText, curlLine } from './request-line.js';

/** Losses of one kind, whichever objects they are of: told once. */
interface LossGroup {
  readonly first: LossDocument;
  readonly losses: readonly LossDocument[];
}

export interface LossOptions {
  /** Name all objects and places, however many. */
  readonly all: boolean;
}

/** Blocks of losses, each under the objects that have them; equal losses of many objects are one. */
export function renderLosses(losses: readonly LossDocument[], options: LossOptions, paper: Paper): readonly string[] {
  const groups = [...Map.groupBy(losses, kindOf).values()].flatMap((same): readonly LossGroup[] => {
    const [first] = same;
    return first === undefined ? [] : [{ first, losses: same }];
  });
  const blocks = Map.groupBy(groups, ({ losses: same }) => JSON.stringify(objectsOf(same)));
  return [...blocks.values()].map((same) => {
    const heading = headingOf(objectsOf(same[0]?.losses ?? []), options);
    return [paper.style.bold(heading), ...same.flatMap((group) => renderGroup(group, options, paper))].join('\n');
  });
}

/** What is alike in losses of several objects: all but whose they are. */
function kindOf(loss: LossDocument): string {
  const { code, instead } = loss;
  return JSON.stringify([code, saidOf(loss, '…'), instead]);
}

/** The message, without the name of the object that it stands under; where `as` is given, that stands for the Service's too. */
function saidOf({ message, ref, service }: LossDocument, as?: string): string {
  const name = ref === undefined ? undefined : describeRef(ref);
  const said = name !== undefined && message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
  const names = as === undefined ? [] : [name, service === undefined ? undefined : `${service.namespace}/${service.name}`];
  return names.reduce<string>((text, one) => (one === undefined ? text : text.replaceAll(one, as ?? one)), said);
}

function objectOf({ ref, service }: LossDocument): string {
  if (ref !== undefined) return describeRef(ref);
  return service === undefined ? '' : `Service ${service.namespace}/${service.name}`;
}

const objectsOf = (losses: readonly LossDocument[]): readonly string[] => [...new Set(losses.map(objectOf))];

/** `VirtualService shop/a`, or `20 VirtualServices: shop/a, shop/b, shop/c and 17 more`. */
function headingOf(objects: readonly string[], { all }: LossOptions): string {
  const [first = ''] = objects;
  if (objects.length < 2) return first === '' ? 'Anywhere' : first;
  const parts = objects.map((one) => ({ kind: one.split(' ')[0] ?? '', name: one.slice(one.indexOf(' ') + 1) }));
  const kinds = new Set(parts.map(({ kind }) => kind));
  const [kind = ''] = kinds;
  const names = kinds.size === 1 ? parts.map(({ name }) => name) : objects;
  const several =
    kinds.size === 1
      ? counted(objects.length, kind, kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : undefined)
      : counted(objects.length, 'object');
  return `${several}: ${all ? names.join(', ') : listed(names)}`;
}

function renderGroup({ first, losses }: LossGroup, { all }: LossOptions, { style, width }: Paper): readonly string[] {
  const lines = (text: string, indent: string) => wrap(text, Math.max(40, width - indent.length)).map((line) => `${indent}${line}`);
  const places = [...new Set(losses.map(placeOf))].filter((place) => place !== '');
  const [place = '', ...others] = places;
  const where = all || others.length === 0 ? place : `${place} and ${counted(others.length, 'more place')}`;
  const isVaried = losses.some((one) => saidOf(one) !== saidOf(first));
  const requests = [...new Set(losses.flatMap((one) => one.requests ?? []))];
  const witness = losses.find((one) => one.witness !== undefined)?.witness;
  return [
    `  ${style.yellow('lost')} ${first.code}${where === '' ? '' : `  ${style.dim(where)}`}`,
    ...(all ? others.map((other) => `${' '.repeat(first.code.length + 9)}${style.dim(other)}`) : []),
    ...lines(`${sentence(saidOf(first))}${isVaried ? ' Likewise of the others.' : ''}`, '    '),
    ...(requests.length === 0 ? [] : requestLines(requests, all, style)),
    ...(witness === undefined ? [] : witnessLines(witness)),
    ...(first.instead === undefined ? [] : lines(`→ ${sentence(first.instead)}`, '    ')),
  ];
}

const placeOf = ({ place, field }: LossDocument): string =>
  [place === undefined ? '' : `${place.file}:${place.line}`, field ?? ''].filter((part) => part !== '').join(' ');

function requestLines(requests: readonly string[], all: boolean, style: Paper['style']): readonly string[] {
  const [first = '', ...others] = requests;
  const more = others.length === 0 || all ? '' : `, and ${others.length} more like these`;
  const rest = all ? others.map((one) => `              ${one}`) : [];
  return [`    ${style.dim('concerns')}  ${first}${more}`, ...rest];
}

export function witnessLines(witness: WitnessDocument): readonly string[] {
  return [
    `    such as   ${curlLine(witness)}  # from ${clientText(witness.client)}`,
    `    before    ${witness.before}`,
    `    after     ${witness.after}`,
  ];
}

/** Whether something of these is counted and not named. */
export const isShortened = (losses: readonly LossDocument[]): boolean =>
  [...Map.groupBy(losses, kindOf).values()].some((same) => same.length > 1);

export const ALL_OF_THEM = '--verbose names all objects and places; -o json has each loss by itself.';
