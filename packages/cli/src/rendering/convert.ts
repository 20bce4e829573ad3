import { describeRef } from '@heddle/core';
import { sentence } from '../errors/sentence.js';
import { wrap } from '../help/layout.js';
import type { ConvertDocument, LossDocument, WitnessDocument } from '../services/convert/convert-document.js';
import type { Paper } from '../terminal/output.js';
import { clientText, curlLine } from './request-line.js';

/** Losses by object, each with a request that shows it; what the meshes do differently anyway; and how much there is of it all. */
export function renderConvertReport(made: ConvertDocument, { all }: { readonly all: boolean }, paper: Paper): string {
  const { style } = paper;
  const groups = Map.groupBy(made.losses, ({ ref, service }) =>
    ref === undefined ? (service === undefined ? '' : `Service ${service.namespace}/${service.name}`) : describeRef(ref),
  );
  const refused = made.refused.map(({ message, place }) => {
    const where = place === undefined ? '' : `${place.file}:${place.line}: `;
    return `${style.red('Refused:')} ${where}${sentence(message)} It is left out.`;
  });
  const differences = made.differences.map((one) => [
    `${style.dim('Meshes differ:')} ${sentence(one.message)} Seen of ${namesOf(one.services)}.`,
    ...(all ? witnessLines(one.witness) : []),
  ]);
  const notes = [...differences.flat(), ...made.notes.map((note) => `${style.dim('Note:')} ${sentence(note)}`)];
  const blocks = [...groups].map(([name, losses]) => renderObject(name, losses, paper));
  return [...refused, ...blocks, ...(notes.length === 0 ? [] : [notes.join('\n')]), summary(made, paper)].join('\n\n');
}

/** Services named in one line; more are counted. */
const NAMED = 3;

function namesOf(services: readonly string[]): string {
  const more = services.length - NAMED;
  return `${services.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function renderObject(name: string, losses: readonly LossDocument[], paper: Paper): string {
  return [paper.style.bold(name === '' ? 'Anywhere' : name), ...losses.flatMap((loss) => renderLoss(loss, name, paper))].join('\n');
}

function renderLoss(
  { code, message, place, field, requests, witness, instead }: LossDocument,
  name: string,
  { style, width }: Paper,
): readonly string[] {
  const where = [place === undefined ? '' : `${place.file}:${place.line}`, field ?? ''].filter((part) => part !== '').join(' ');
  const said = message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
  const lines = (text: string, indent: string) => wrap(text, Math.max(40, width - indent.length)).map((line) => `${indent}${line}`);
  return [
    `  ${style.yellow('lost')} ${code}${where === '' ? '' : `  ${style.dim(where)}`}`,
    ...lines(sentence(said), '    '),
    ...(requests === undefined ? [] : [`    ${style.dim('concerns')}  ${requests}`]),
    ...(witness === undefined ? [] : witnessLines(witness)),
    ...(instead === undefined ? [] : lines(`→ ${sentence(instead)}`, '    ')),
  ];
}

function witnessLines(witness: WitnessDocument): readonly string[] {
  return [
    `    such as   ${curlLine(witness)}  # from ${clientText(witness.client)}`,
    `    before    ${witness.before}`,
    `    after     ${witness.after}`,
  ];
}

function summary({ counts, losses, to }: ConvertDocument, { style }: Paper): string {
  const codes = [...new Set(losses.map(({ code }) => code))];
  const lost =
    losses.length === 0 ? style.green('nothing is lost') : `${style.yellow(counted(losses.length, 'loss', 'losses'))}: ${codes.join(', ')}`;
  const followed = counts.requests === 0 ? '' : ` (${counted(counts.requests, 'request')} followed through both)`;
  return `${counted(counts.to, 'object')} for ${to.title} from ${counts.from}; ${lost}${followed}.`;
}

const counted = (count: number, one: string, several = `${one}s`): string => `${count} ${count === 1 ? one : several}`;
