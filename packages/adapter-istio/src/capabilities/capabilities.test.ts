import { FEATURES, isSupported } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { env } from '../../test/support/objects.js';
import { capabilities } from './capabilities.js';

describe('capabilities', () => {
  it('says something of every feature, and why where the answer is no', () => {
    const declared = capabilities(env);
    for (const feature of FEATURES) {
      const support = declared[feature];
      expect(support, feature).toBeDefined();
      if (support !== undefined && support !== 'supported') expect(support.unsupported.length, feature).toBeGreaterThan(10);
    }
  });

  it.each([
    ['1.21.4', false],
    ['1.22.0', true],
    ['1.31-dev', true],
    ['2.0.0', true],
    [undefined, true],
  ])('knows that Istio %s lets a missing header satisfy a negation: %s', (version, expected) => {
    const declared = capabilities(version === undefined ? { served: {}, settings: {} } : { ...env, version });
    expect(isSupported(declared, 'match.header.not')).toBe(expected);
  });

  it('writes everything but tags', () => {
    const declared = capabilities(env);
    const refused = FEATURES.filter((feature) => !isSupported(declared, feature));
    expect(refused).toEqual(['to.tag']);
  });
});
