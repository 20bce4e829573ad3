import { FEATURES } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { capabilities } from './capabilities.js';

describe('capabilities', () => {
  it.each(FEATURES)('says something of %s, and why where the answer is no', (feature) => {
    const support = capabilities()[feature];
    expect(support).toBeDefined();
    if (typeof support === 'object') expect(support.unsupported.length).toBeGreaterThan(10);
  });
});
