import { describeRef } from '@heddle/core';
import { sentence } from '../errors/sentence.js';
import { wrap } from '../help/layout.js';
import { type LintReport, type PlacedFinding, unreadText } from '../services/lint/report.js';
import type { Paper } from '../terminal/output.js';
import { fieldPath } from './field-path.js';

/** Findings by object, and how many there are of each kind. `info` findings only where all are wanted. */
export function renderLint(report: LintReport, { all }: { readonly all: boolean }, paper: Paper): string {
  const shown = report.findings.filter(({ severity }) => all || severity !== 'info');
  const groups = Map.groupBy(shown, ({ ref }) => (ref === undefined ? '' : describeRef(ref)));
  const blocks = [...groups].map(([name, findings]) => renderObject(name, findings, paper));
  const notes = [...unreadNotes(report), ...report.notes].map((note) => `${paper.style.dim('Note:')} ${sentence(note)}`);
  return [...blocks, ...(notes.length === 0 ? [] : [notes.join('\n')]), verdict(report, all, paper)].join('\n\n');
}

const unreadNotes = ({ unread }: LintReport): readonly string[] =>
  unread.length === 0 ? [] : [`Not read, for lack of rights: ${unreadText(unread)}. What depends on that is not looked at`];

function renderObject(name: string, findings: readonly PlacedFinding[], paper: Paper): string {
  const { style } = paper;
  const heading = style.bold(name === '' ? 'Anywhere' : name);
  return [heading, ...findings.flatMap((one) => renderFinding(one, name, paper))].join('\n');
}

function renderFinding(
  { severity, code, message, place, pointer, fix }: PlacedFinding,
  name: string,
  { style, width }: Paper,
): readonly string[] {
  const paint = { error: style.red, warning: style.yellow, info: style.cyan }[severity];
  const where = place === undefined ? fieldPath(pointer) : `${place.file}:${place.line}`;
  const said = message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
  const lines = (text: string, indent: string) => wrap(text, Math.max(40, width - indent.length)).map((line) => `${indent}${line}`);
  return [
    `  ${paint(severity === 'info' ? 'note' : severity)} ${code}${where === '' ? '' : `  ${style.dim(where)}`}`,
    ...lines(sentence(said), '    '),
    ...(fix === undefined ? [] : lines(`→ ${sentence(fix)}`, '    ')),
  ];
}

function verdict({ findings, counts, meshes, objects, source, unread }: LintReport, all: boolean, { style }: Paper): string {
  const names = meshes.map(({ title, version }) => (version === undefined ? title : `${title} ${version}`));
  const looked = `${counted(objects, 'object')} (${[source === 'files' ? 'files' : `cluster ${source}`, ...names].join(', ')})`;
  const notes = counts.info === 0 ? '' : `; ${counted(counts.info, 'note')}${all ? '' : ', shown with --verbose'}`;
  if (counts.error + counts.warning === 0) {
    return unread.length === 0
      ? `${style.green('Nothing wrong')} in ${looked}${notes}.`
      : `Nothing wrong in what could be read, ${looked}${notes}.`;
  }
  const bad = new Set(findings.filter(({ severity }) => severity !== 'info').map(({ ref }) => (ref === undefined ? '' : describeRef(ref))));
  const what = [
    ...(counts.error === 0 ? [] : [style.red(counted(counts.error, 'error'))]),
    ...(counts.warning === 0 ? [] : [style.yellow(counted(counts.warning, 'warning'))]),
  ].join(' and ');
  return `${what} in ${bad.size} of ${looked}${notes}.`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
