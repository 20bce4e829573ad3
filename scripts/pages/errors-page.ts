/** A source file of a package. */
export interface Source {
  readonly package: string;
  readonly path: string;
  readonly text: string;
}

interface Row {
  readonly code: string;
  readonly exit: string;
  readonly from: string;
  readonly meaning: string;
}

const EXITS: Readonly<Record<string, number>> = { bug: 1, usage: 2, refused: 3, cluster: 4, partial: 5, negative: 6, interrupted: 130 };
const QUOTED = String.raw`(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|${'`'}((?:[^${'`'}\\]|\\.)*)${'`'})`;

/** Text of the first string literal of a match, with what is filled in shown as an ellipsis. */
const literal = (...parts: (string | undefined)[]) =>
  (parts.find((part) => part !== undefined) ?? '')
    .replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '…')
    .replace(/\$\{.*$/s, '…')
    .replace(/\\(.)/g, '$1');

/** Errors: an object with code, exit and message. Refusals: `refuse(code, message)`. Both are found in the sources as written. */
function rowsOf({ package: from, text }: Source): Row[] {
  const rows: Row[] = [];
  for (const found of text.matchAll(/\bcode:\s*'([a-z][a-z0-9-]*)'/g)) {
    const around = text.slice(found.index, found.index + 500).split(/\n\s*\}\)?;?\n/)[0] ?? '';
    const exit = /\bexit:\s*'([a-z]+)'/.exec(around)?.[1];
    const before = text.slice(Math.max(0, found.index - 400), found.index);
    const message =
      new RegExp(String.raw`\bmessage:\s*(?:\n\s*)?${QUOTED}`).exec(around) ??
      [...before.matchAll(new RegExp(String.raw`\bmessage =\s*(?:\n\s*)?${QUOTED}`, 'g'))].at(-1);
    if (exit === undefined) continue;
    rows.push({ code: found[1] ?? '', exit, from, meaning: literal(message?.[1], message?.[2], message?.[3]) });
  }
  for (const found of text.matchAll(new RegExp(String.raw`\brefuse\(\s*'([a-z][a-z0-9-]*)',\s*${QUOTED}`, 'g'))) {
    rows.push({ code: found[1] ?? '', exit: 'refused', from, meaning: literal(found[2], found[3], found[4]) });
  }
  for (const found of text.matchAll(/\binputError\(\s*'([a-z][a-z0-9-]*)'/g)) {
    rows.push({ code: found[1] ?? '', exit: 'usage', from, meaning: 'An input is not what was expected: path, expected, received.' });
  }
  return rows;
}

/** docs/errors.md: every code, its exit code, where it comes from and what it says. `explained` has sentences for the codes of the command line. */
export function errorsPage(sources: readonly Source[], explained: Readonly<Record<string, { exit: string; when: string }>>): string {
  const rows = new Map<string, Row>();
  for (const [code, { exit, when }] of Object.entries(explained)) rows.set(code, { code, exit, from: 'cli', meaning: when });
  for (const row of sources.flatMap(rowsOf)) {
    const known = rows.get(row.code);
    if (known === undefined || (known.meaning === '' && row.meaning !== '')) rows.set(row.code, row);
  }
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
  const table = [...rows.values()]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code, exit, from, meaning }) => `| \`${code}\` | ${EXITS[exit] ?? exit} ${exit} | ${from} | ${cell(meaning)} |`);
  return [
    '# Errors',
    '',
    'Made by `npm run generate` from the sources. Every error has a code, one sentence, and what to do next. Exit codes: 0 ok (a clean Ctrl-C too),',
    '1 bug, 2 usage, 3 refused by the plan, 4 cluster, 5 partly undone, 6 the answer is no. What the API server refuses has the code `cluster-<reason>`.',
    'A signal that ends a command before its work is done makes the exit code 128 and its number: 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP.',
    'Once a session or a sandbox is up a signal is how it ends: 0 when all is put back. A second signal ends heddle at once, with 5 where something may be left.',
    '',
    '| code | exit | from | what it says |',
    '|---|---|---|---|',
    ...table,
    '',
  ].join('\n');
}
