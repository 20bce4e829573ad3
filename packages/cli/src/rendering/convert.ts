import { sentence } from '../errors/sentence.js';
import { wrap } from '../help/layout.js';
import type { ConvertDocument, DifferenceDocument } from '../services/convert/convert-document.js';
import { listed } from '../services/files/assume/ready-pod.js';
import type { Paper } from '../terminal/output.js';
import { ALL_OF_THEM, isShortened, type LossOptions, renderLosses, witnessLines } from './convert-losses.js';
import { counted } from './counted.js';
import { alikeNotes } from './notes.js';

/** Losses, equal ones once, each with a request that shows it; what the meshes do differently anyway; and how much there is of it all. */
export function renderConvertReport(made: ConvertDocument, options: LossOptions, paper: Paper): string {
  const { style } = paper;
  const refused = made.refused.map(({ message, place }) => {
    const where = place === undefined ? '' : `${place.file}:${place.line}: `;
    return `${style.red('Refused:')} ${where}${sentence(message)} It is left out.`;
  });
  const notes = (options.all ? made.notes : alikeNotes(made.notes)).map((note) => `${style.dim('Note:')} ${sentence(note)}`);
  return [
    ...refused,
    ...renderLosses(made.losses, options, paper),
    ...(made.differences.length === 0 ? [] : [renderDifferences(made.differences, options, paper)]),
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
    summary(made, options, paper),
  ].join('\n\n');
}

const HEADING = 'How the meshes differ whatever the objects say (no losses: --strict does not count these)';

function renderDifferences(differences: readonly DifferenceDocument[], { all }: LossOptions, { style, width }: Paper): string {
  const each = differences.flatMap(({ code, message, services, witness }) => [
    `  ${style.cyan(code)}`,
    ...wrap(sentence(message), Math.max(40, width - 4)).map((line) => `    ${line}`),
    `    ${style.dim('seen of')}   ${all ? services.join(', ') : listed(services)}`,
    ...witnessLines(witness),
  ]);
  return [style.bold(HEADING), ...each].join('\n');
}

function summary({ counts, losses, to }: ConvertDocument, { all }: LossOptions, { style }: Paper): string {
  const codes = [...Map.groupBy(losses, ({ code }) => code)].map(([code, { length }]) => (length === 1 ? code : `${length} ${code}`));
  const lost =
    losses.length === 0 ? style.green('nothing is lost') : `${style.yellow(counted(losses.length, 'loss', 'losses'))}: ${codes.join(', ')}`;
  const followed = counts.requests === 0 ? '' : ` (${counted(counts.requests, 'request')} followed through both)`;
  const said = `${counted(counts.to, 'object')} for ${to.title} from ${counts.from}; ${lost}${followed}.`;
  return !all && isShortened(losses) ? `${said}\n${style.dim(ALL_OF_THEM)}` : said;
}
