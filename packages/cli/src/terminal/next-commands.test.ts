import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../test/support/run-command.js';
import { PLACED_COMMANDS, pointAll, pointHere } from './next-commands.js';

const point = pointHere({ namespace: 'shop', context: 'eu west' });
const CLUSTER = " --context 'eu west'";

describe('a command that a text names', () => {
  it.each([
    ['heddle sessions stop m1', `heddle sessions stop m1 -n shop${CLUSTER}`],
    ['Ask alice to end it: heddle sessions stop m1', `Ask alice to end it: heddle sessions stop m1 -n shop${CLUSTER}`],
    [
      'heddle sessions recover m1, which starting the session does by itself',
      `heddle sessions recover m1 -n shop${CLUSTER}, which starting the session does by itself`,
    ],
    [
      'Pin it first: heddle route pin web v1 -n bank; or take another service',
      `Pin it first: heddle route pin web v1 -n bank${CLUSTER}; or take another service`,
    ],
    ['Run heddle doctor --pull, which tries it', `Run heddle doctor --pull -n shop${CLUSTER}, which tries it`],
    [
      'if that process is gone, heddle clean brings it to an end',
      `if that process is gone, heddle clean -n shop${CLUSTER} brings it to an end`,
    ],
    ['heddle route refresh cart -n shop', `heddle route refresh cart -n shop${CLUSTER}`],
    [
      'Take it back first: heddle route clear cart --name split -n shop',
      `Take it back first: heddle route clear cart --name split -n shop${CLUSTER}`,
    ],
    ['Start again with heddle mesh', `Start again with heddle mesh -n shop${CLUSTER}`],
    ['Look everywhere: heddle sessions list -A', `Look everywhere: heddle sessions list -A${CLUSTER}`],
    ['See its ports: heddle route show web:80.', `See its ports: heddle route show web:80 -n shop${CLUSTER}.`],
    [
      'heddle sessions recover a, or all of them: heddle clean -A',
      `heddle sessions recover a -n shop${CLUSTER}, or all of them: heddle clean -A${CLUSTER}`,
    ],
  ])('%s', (text, expected) => {
    expect(point(text)).toBe(expected);
    expect(point(expected)).toBe(expected);
  });

  it.each([
    'See what is installed: heddle adapters',
    'heddle clean-up is no command',
    'heddle lint -f says more of each',
    'heddle clean -n shop --cluster eu',
    'put it before that rule, or take it out',
  ])('%s: stays as it is', (text) => expect(point(text)).toBe(text));

  it('stays as it is where nothing was said of a place', () => {
    expect(pointHere({})('heddle clean')).toBe('heddle clean');
  });
});

it('results have it in the texts that say what to do, and data stays', () => {
  const kept = new Map([['next', 'heddle clean']]);
  expect(pointAll({ a: [{ next: ['heddle clean'], name: 'heddle clean' }], kept }, pointHere({ context: 'eu' }))).toEqual({
    a: [{ next: ['heddle clean --context eu'], name: 'heddle clean' }],
    kept,
  });
});

it('knows all commands that have the flags', () => {
  const placed = Object.entries(COMMANDS).filter(([, { flags }]) => flags !== undefined && 'context' in flags && 'namespace' in flags);
  expect([...PLACED_COMMANDS].sort()).toEqual(placed.map(([name]) => name).sort());
});
