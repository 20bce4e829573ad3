import { UserError } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { managerError } from './manager-error.js';

describe('managerError', () => {
  it.each([
    [
      '/usr/bin/node /x/npm/bin/npm-cli.js install y@latest --omit dev exited with code 1',
      'plugin-npm',
      /^The installer, npm install, ended with code 1/,
    ],
    ['absent does not exist in the registry.', 'plugin-missing', /^There is no package absent in npm's registry/],
    ['plugin is invalid', 'plugin-invalid', /no field "oclif"/],
    ['@acme/x is not installed', 'plugin-missing', /^There is no plugin @acme\/x\.$/],
    ['x not installed', 'plugin-missing', /^There is no plugin x\.$/],
    ["could not find package.json with {\n  root: '/nowhere'\n}", 'plugin-missing', /no package in \/nowhere/],
    ['Invalid npm package name.', 'plugin-manager', /^Invalid npm package name\.$/],
    ['something else', 'plugin-manager', /^something else\.$/],
  ])('%s', (message, code, said) => {
    const cause = new Error(message);
    expect(managerError(cause)).toMatchObject({ code, exit: 'usage', message: expect.stringMatching(said), cause });
  });

  it('leaves alone what is told elsewhere: our errors, exits, and what the parser says', () => {
    const ours = new UserError({ code: 'x', exit: 'usage', message: 'x' });
    const exit = Object.assign(new Error('EEXIT: 0'), { code: 'EEXIT', oclif: { exit: 0 } });
    const parser = Object.assign(new Error('Missing 1 required arg'), { parse: {} });
    for (const error of [ours, exit, parser]) expect(managerError(error)).toBe(error);
  });
});
