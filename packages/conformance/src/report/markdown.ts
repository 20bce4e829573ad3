import { type ConformanceReport, caseName, type ReportedCase, type ReportedNumber } from './report.js';

/** The report as a page to publish. */
export function toMarkdown(report: ConformanceReport): string {
  const { implementation: of, kit, contract, environments, levels, cases, numbers } = report;
  const failed = cases.filter(({ outcome }) => outcome === 'fail');
  return `${[
    `# Conformance of ${of.adapter.title}`,
    '',
    `Adapter \`${of.adapter.id}\` of ${of.package} ${of.version}, held to version ${contract.meshAdapter} of heddle's adapter contract by ${kit.package} ${kit.version} (${report.report}).`,
    '',
    'Made by, in the folder of the package:',
    '',
    '```sh',
    report.reproduce,
    '```',
    '',
    '| level | result | passed | failed | skipped |',
    '|---|---|---|---|---|',
    ...(['core', 'extended'] as const).map((level) => {
      const { result, passed, failed: wrong, skipped } = levels[level];
      return `| ${level} | ${result} | ${passed} | ${wrong} | ${skipped} |`;
    }),
    '',
    '## Environments',
    '',
    ...environments.flatMap(({ name, title, version, envoy, undeclared }) => [
      `- \`${name}\`: ${title}${version === undefined ? '' : `; mesh ${version}`}${envoy === undefined ? '' : `; Envoy ${envoy}`}`,
      ...Object.entries(undeclared).map(([feature, why]) => `  - does not declare \`${feature}\`: ${why}`),
    ]),
    '',
    ...(failed.length === 0 ? [] : ['## Failures', '', ...failed.flatMap(failureOf), '']),
    '## Numbered cases',
    '',
    '| number | what | result | cases, or why none |',
    '|---|---|---|---|',
    ...numbers.map((one) => `| ${one.number} | ${cell(one.title)} | ${STATUS[one.status]} | ${cell(byOrWhy(one))} |`),
    '',
    '## Cases',
    '',
    '| case | number | level | result | what |',
    '|---|---|---|---|---|',
    ...cases.map((one) => `| ${caseName(one)} | ${one.number ?? ''} | ${one.level} | ${cell(outcomeOf(one))} | ${cell(one.title)} |`),
  ].join('\n')}\n`;
}

const STATUS: Readonly<Record<ReportedNumber['status'], string>> = {
  pass: 'pass',
  fail: 'fail',
  skip: 'skipped',
  elsewhere: 'another mesh',
  reason: 'not covered',
  none: 'not covered',
};

const byOrWhy = ({ cases, why, status }: ReportedNumber): string =>
  why !== undefined ? why : status === 'none' ? 'no case, and no reason given' : cases.join(', ');

const outcomeOf = ({ outcome, capability, reason }: ReportedCase): string =>
  outcome === 'skip' ? `skip: ${capability === undefined ? reason : `needs ${capability}`}` : outcome;

const failureOf = (one: ReportedCase): readonly string[] => [
  `- \`${caseName(one)}\`: ${one.title}`,
  ...(one.failures ?? []).map((failure) => `  - ${failure.replaceAll('\n', ' ')}`),
];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
