import { describe, expect, it } from 'vitest';
import { restrict } from './restrict.js';

const bound = ['mesh', 'shop/front'];

describe('restrict', () => {
  it('adds a port, or knows that the match is for another', () => {
    expect(restrict({}, { port: 80 }, bound, '')).toEqual({ match: { port: 80 } });
    expect(restrict({ port: 80 }, { port: 80 }, bound, '')).toEqual({ match: { port: 80 } });
    expect(restrict({ port: 81 }, { port: 80 }, bound, '')).toBe('never');
  });

  it('keeps to one plane', () => {
    expect(restrict({}, { plane: 'mesh' }, bound, '')).toEqual({ match: { gateways: ['mesh'] } });
    expect(restrict({}, { plane: 'gateway' }, bound, '')).toEqual({ match: { gateways: ['shop/front'] } });
    expect(restrict({ gateways: ['mesh', 'front'] }, { plane: 'gateway' }, bound, '')).toEqual({ match: { gateways: ['front'] } });
    expect(restrict({ gateways: ['front'] }, { plane: 'mesh' }, bound, '')).toBe('never');
  });

  it('refuses to name gateways where the caller is looked at: Istio would stop looking', () => {
    expect(restrict({ sourceLabels: { app: 'x' } }, { plane: 'mesh' }, bound, 'rule 1')).toMatchObject({
      refused: [{ code: 'source-and-gateways' }],
    });
    expect(restrict({ sourceLabels: {} }, { plane: 'mesh' }, bound, 'rule 1')).toEqual({ match: { sourceLabels: {}, gateways: ['mesh'] } });
  });
});
