import { describe, expect, it } from 'vitest';
import { listFlag, runFlags } from './shared-flags.js';

describe('listFlag', () => {
  it('takes the list that the command line gives', () => {
    expect(listFlag(['x-dev=alice', 'x-team=web'])).toEqual(['x-dev=alice', 'x-team=web']);
  });

  it('takes a variable, which oclif gives as one text, by lines', () => {
    expect(listFlag('x-dev=alice\n\nx-note=a, b\n')).toEqual(['x-dev=alice', 'x-note=a, b']);
  });

  it('is empty where nothing was said', () => {
    expect(listFlag(undefined)).toEqual([]);
  });
});

describe('runFlags', () => {
  it('has a value for each that is always there, and leaves out what was not said', () => {
    expect(runFlags({})).toEqual({ output: 'text', quiet: false, verbose: false, yes: false, files: [] });
  });

  it('treats an empty variable as not said', () => {
    expect(runFlags({ namespace: '', context: 'staging', output: 'json', yes: true })).toEqual({
      output: 'json',
      quiet: false,
      verbose: false,
      yes: true,
      files: [],
      context: 'staging',
    });
  });
});
