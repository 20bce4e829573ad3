import { Flags } from '@oclif/core';
import { cliInputError } from '../errors/cli-error.js';
import type { KeptRequest } from '../services/routes-file/routes-files.js';
import { parseServiceArgument, type ServiceArgument } from './service-argument.js';
import { listFlag } from './shared-flags.js';

/** Which standing routes are taken back. */
export const clearFlags = {
  name: Flags.string({
    summary: 'One standing route of the service, by its name (heddle route list); default: all of the service.',
    helpValue: 'NAME',
    env: 'HEDDLE_NAME',
  }),
  filename: Flags.string({
    char: 'f',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Those that a routes file keeps, that the files of a folder keep, or - for standard input; may be repeated.',
    helpValue: 'FILE|FOLDER|-',
    env: 'HEDDLE_FILENAME',
  }),
  'kept-by': Flags.string({
    summary: 'Those that the routes file of this name keeps, also where the file is gone.',
    helpValue: 'NAME',
    env: 'HEDDLE_KEPT_BY',
  }),
};

export type ClearedRoutes = { readonly service: ServiceArgument; readonly name?: string } | KeptRequest;

/** Throws `usage` where not just one of them is given, or a name without its service, and `service-invalid`. */
export function clearRequest(
  service: string | undefined,
  flags: {
    readonly name?: string | undefined;
    readonly filename?: string[] | string | undefined;
    readonly 'kept-by'?: string | undefined;
    readonly namespace?: string | undefined;
  },
): ClearedRoutes {
  const { name, 'kept-by': keptBy } = flags;
  const files = listFlag(flags.filename);
  const given = [
    ...(service === undefined ? [] : ['SERVICE']),
    ...(files.length === 0 ? [] : ['-f']),
    ...(keptBy === undefined ? [] : ['--kept-by']),
  ];
  if (given.length !== 1) {
    const received = given.length === 0 ? 'none' : given.join(' and ');
    throw cliInputError('usage', { path: 'SERVICE, -f, --kept-by', expected: 'one of them', received }, [
      'Which routes there are, and which file keeps them: heddle route list',
    ]);
  }
  if (service !== undefined) return { service: parseServiceArgument(service), ...(name === undefined ? {} : { name }) };
  if (name !== undefined) {
    throw cliInputError('usage', { path: '--name', expected: 'a route of a SERVICE', received: `${name} beside ${given.join('')}` }, [
      'A file that no longer has the route takes it back: heddle route apply -f FILE',
    ]);
  }
  const within = flags.namespace === undefined ? {} : { namespace: flags.namespace };
  return keptBy === undefined ? { files, ...within } : { keptBy, ...within };
}
