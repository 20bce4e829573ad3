import { describe, expect, it } from 'vitest';
import { refusalWithFlags, withFlags } from './with-flags.js';

const flags = ' --context eu';

describe('what to do next, on the same cluster', () => {
  it.each([
    ['heddle route refresh cart -n shop', 'heddle route refresh cart -n shop --context eu'],
    [
      'Take it back first: heddle route clear cart --name split -n shop',
      'Take it back first: heddle route clear cart --name split -n shop --context eu',
    ],
    ['Try again in a moment; if that process is gone, heddle clean brings it to an end', undefined],
    ['put it before that rule, or take it out', undefined],
  ])('%s', (text, expected = text) => {
    expect(refusalWithFlags({ code: 'a', message: 'b', instead: text }, flags).instead).toBe(expected);
    expect(withFlags({ code: 'a', message: 'b', fix: text }, flags).fix).toBe(expected);
  });

  it('is left out where there is nothing to do', () => {
    expect(refusalWithFlags({ code: 'a', message: 'b' }, flags)).toEqual({ code: 'a', message: 'b' });
  });
});
