import { BugError, ClusterError, UserError } from '@heddle/core';
import { Errors } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { bufferTerminal } from '../../test/support/buffer-terminal.js';
import { cliError, cliInputError } from './cli-error.js';
import { CLI_ERRORS } from './codes.js';
import { refusedError } from './refused-error.js';
import { reportError } from './report.js';

function report(error: unknown, options: { format?: 'text' | 'json' | 'yaml'; verbose?: boolean } = {}) {
  const terminal = bufferTerminal();
  const code = reportError(error, {
    terminal,
    env: {},
    format: options.format ?? 'text',
    verbose: options.verbose ?? false,
    help: 'heddle mesh --help',
  });
  return { code, stdout: terminal.stdout.text(), stderr: terminal.stderr.text() };
}

describe('reportError', () => {
  it('prints one sentence, what to do next, and the code', () => {
    expect(
      report(cliError('unknown-context', 'There is no context x.', ['List them.', 'choose one', 'kubectl config view'])).stderr,
    ).toBe(`\
Error: There is no context x.
  next: List them.
    or: Choose one
    or: kubectl config view
  code: unknown-context (exit 2)
`);
  });

  it('ends a sentence that has no end', () => {
    expect(report(new UserError({ code: 'x', exit: 'cluster', message: 'No route to it' })).stderr).toContain('Error: No route to it.\n');
  });

  it.each([
    [new UserError({ code: 'a', exit: 'usage', message: 'm' }), 2],
    [new UserError({ code: 'a', exit: 'refused', message: 'm' }), 3],
    [new ClusterError({ reason: 'Unreachable', status: 0, message: 'm' }), 4],
    [new UserError({ code: 'a', exit: 'partial', message: 'm' }), 5],
    [new UserError({ code: 'a', exit: 'negative', message: 'm' }), 6],
    [new BugError('m'), 1],
    [new TypeError('m'), 1],
    ['a text', 1],
  ])('ends %s with exit code %i', (error, code) => {
    expect(report(error).code).toBe(code);
  });

  it('knows a user error from another copy of core by its shape', () => {
    const other = Object.assign(new Error('From a plugin'), { $$type: '@heddle/UserError', code: 'theirs', exit: 'refused', next: [] });
    expect(report(other)).toMatchObject({ code: 3, stderr: expect.stringContaining('code: theirs (exit 3)') });
  });

  it('asks for a report of a bug, with the command that gathers the facts, and shows where it was', () => {
    const { stderr } = report(new BugError('an invariant does not hold', new Error('deep down')));
    expect(stderr).toContain('heddle doctor --bundle');
    expect(stderr).toContain('code: bug (exit 1)');
    expect(stderr).toContain('report.test.ts');
    expect(stderr).toContain('caused by:');
  });

  it('shows causes of user errors with --verbose only', () => {
    const error = cliError('config-unreadable', 'm', [], new Error('EACCES'));
    expect(report(error).stderr).not.toContain('EACCES');
    expect(report(error, { verbose: true }).stderr).toContain('EACCES');
  });

  it('lists every refusal of a plan, and keeps them in JSON', () => {
    const error = refusedError([
      { code: 'overlap', message: 'Bob has these requests', instead: 'Use another header' },
      { code: 'weights', message: 'The mesh has no weights' },
    ]);
    const { code, stderr, stdout } = report(error, { format: 'json' });
    expect(code).toBe(3);
    expect(stderr).toContain('Error: Bob has these requests.\n  also: The mesh has no weights.\n  next: Use another header\n');
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'overlap', exit: 3, refusals: [{ code: 'overlap' }, { code: 'weights' }] });
  });

  it("keeps control characters of a server's message from the terminal", () => {
    expect(report(new UserError({ code: 'x', exit: 'cluster', message: 'bad\u001b[2Jname' })).stderr).not.toContain('\u001b');
  });

  it('obeys a request to exit without a word', () => {
    expect(report(new Errors.ExitError(7))).toEqual({ code: 7, stdout: '', stderr: '' });
  });

  it("turns a plugin's this.error() into a usage error", () => {
    expect(report(new Errors.CLIError('no such scenario', { exit: 3 }))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Error: No such scenario.'),
    });
  });

  it('says path, expected and received for a bad input', () => {
    expect(report(cliInputError('expose-invalid', { path: '--expose', expected: 'a port', received: 'x' })).stderr).toContain(
      'Error: --expose: expected a port, received x.',
    );
  });
});

it('has a sentence for every code', () => {
  for (const [code, { when }] of Object.entries(CLI_ERRORS)) expect(when, code).toMatch(/^[A-Z`-].*\.$/);
});
