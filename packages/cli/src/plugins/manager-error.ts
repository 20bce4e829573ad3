import { isUserError } from '@heddle/core';
import { cliError } from '../errors/cli-error.js';
import { exitRequest } from '../errors/from-oclif.js';

const LIST = 'See the plugins: heddle plugins';

/**
 * What oclif's plugin manager reports, in heddle's form: it throws sentences of its own and npm's command lines. What is not recognised is
 * a usage error too, since nothing that npm or a plugin does is a bug of heddle's.
 */
export function managerError(error: unknown): unknown {
  if (!(error instanceof Error) || isUserError(error) || exitRequest(error) !== undefined || isParserError(error)) return error;
  const { message } = error;
  const known = (pattern: RegExp) => pattern.exec(message)?.slice(1);
  const npm = known(/npm-cli\.js"? (\w+) .* exited with code (\d+)/s);
  if (npm !== undefined) {
    return cliError(
      'plugin-npm',
      `The installer, npm ${npm[0]}, ended with code ${npm[1]}; what it said stands above.`,
      ['Set what npm needs, such as a registry (HEDDLE_NPM_REGISTRY) or a proxy, and try again.'],
      error,
    );
  }
  const absent = known(/^(\S+) does not exist in the registry\.$/);
  if (absent !== undefined) {
    return cliError(
      'plugin-missing',
      `There is no package ${absent[0]} in npm's registry, or the registry is not reached.`,
      ['Check the name. Another registry: HEDDLE_NPM_REGISTRY=URL', 'Install a tarball: heddle plugins install ./FILE.tgz'],
      error,
    );
  }
  if (/^plugin is invalid$/.test(message)) {
    return cliError(
      'plugin-invalid',
      'The package is no plugin of heddle: its package.json has no field "oclif".',
      ["Check the package's name."],
      error,
    );
  }
  const unlisted = known(/^(\S+) (?:is )?not installed$/);
  if (unlisted !== undefined) return cliError('plugin-missing', `There is no plugin ${unlisted[0]}.`, [LIST], error);
  const folder = known(/^could not find package\.json with .*root: '([^']*)'/s);
  if (folder !== undefined)
    return cliError('plugin-missing', `There is no package in ${folder[0]}.`, ['Name the folder of its package.json.'], error);
  return cliError('plugin-manager', `${/[.!?]$/.test(message) ? message : `${message}.`}`, [LIST], error);
}

/** What oclif's parser says of the command line is told by those who tell it of every command. */
function isParserError(error: Error): boolean {
  return 'parse' in error;
}
