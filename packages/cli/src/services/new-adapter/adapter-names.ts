import { cliError } from '../../errors/cli-error.js';

/** What the template calls itself; each is replaced everywhere. */
const TEMPLATE = { package: 'heddle-adapter-template', id: 'gateway-api', title: 'Gateway API' } as const;
const LONGEST = 40;

export interface AdapterNames {
  /** As in `--mesh` and in the configuration. */
  readonly id: string;
  readonly title: string;
  readonly package: string;
}

/** Throws `adapter-name` for what cannot be an id, or is the id of an adapter that is installed. */
export function namesFor(name: string, installed: readonly string[]): AdapterNames {
  const id = name.replace(/^heddle-adapter-/, '');
  if (id.length > LONGEST || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
    throw cliError(
      'adapter-name',
      `'${name}' cannot be an adapter's name: expected at most ${LONGEST} lower-case letters, digits and single dashes.`,
      ['Name it after the mesh: heddle adapter new consul'],
    );
  }
  if (installed.includes(id)) {
    throw cliError('adapter-name', `There is an adapter ${id} already, and two of one id are refused.`, [
      'See what is installed: heddle adapters',
      `Choose another name: heddle adapter new my-${id}`,
    ]);
  }
  const title = id
    .split('-')
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join(' ');
  return { id, title, package: `heddle-adapter-${id}` };
}

/** A file of the template under the new names. */
export function renamed(content: string, names: AdapterNames): string {
  return content
    .replaceAll(TEMPLATE.package, names.package)
    .replaceAll(TEMPLATE.id, names.id)
    .replaceAll(`title: '${TEMPLATE.title}'`, `title: '${names.title}'`);
}
