import { describe, expect, it } from 'vitest';
import { spellings } from './spellings.js';

describe('spellings', () => {
  it('are all the same header and all different keys', () => {
    const all = spellings('x-dev');
    expect(all.slice(0, 3)).toEqual(['x-dev', 'X-dev', 'x-Dev']);
    expect(new Set(all).size).toBe(16);
    expect(new Set(all.map((name) => name.toLowerCase()))).toEqual(new Set(['x-dev']));
  });

  it('are few where there are no letters, and not endless where there are many', () => {
    expect(spellings('42')).toEqual(['42']);
    expect(spellings('a-very-long-header-name')).toHaveLength(32);
  });
});
