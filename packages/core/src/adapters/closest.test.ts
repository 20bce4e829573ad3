import { expect, it } from 'vitest';
import { closest } from './closest.js';

it.each([
  ['sesions', ['sessions', 'route', 'mesh'], 'sessions'],
  ['mehs', ['sessions', 'route', 'mesh'], 'mesh'],
  ['--expsoe', ['--expose', '--header'], '--expose'],
  ['frobnicate', ['sessions', 'route', 'mesh'], undefined],
  ['x', [], undefined],
])('%s among %j means %s', (word, candidates, expected) => {
  expect(closest(word, candidates)).toBe(expected);
});
