import { describe, expect, it } from 'vitest';
import { compileFilter } from './selector.js';

const object = {
  metadata: { name: 'a', namespace: 'n', labels: { app: 'web', 'x.io/tier': 'front', empty: '' } },
  status: { phase: 'Running' },
};

describe('compileFilter', () => {
  it.each([
    ['app=web', true],
    ['app==web,x.io/tier=front', true],
    ['app!=web', false],
    ['missing!=web', true],
    ['app in (api, web)', true],
    ['app notin (api,web),app', false],
    ['missing notin (a)', true],
    ['missing in (a)', false],
    ['empty=', true],
    ['app', true],
    ['!app', false],
    ['!missing', true],
    ['', true],
  ])('label selector %j: %j', (labelSelector, expected) => {
    expect(compileFilter({ labelSelector })(object)).toBe(expected);
  });

  it.each([
    ['metadata.name=a', true],
    ['metadata.name=b', false],
    ['metadata.namespace!=n', false],
    ['status.phase=Running,metadata.name=a', true],
    ['spec.nodeName=', true],
  ])('field selector %j: %j', (fieldSelector, expected) => {
    expect(compileFilter({ fieldSelector })(object)).toBe(expected);
  });

  it('refuses what it does not know', () => {
    expect(() => compileFilter({ fieldSelector: 'spec.x=1' })).toThrow('field label not supported: spec.x');
    expect(() => compileFilter({ labelSelector: 'a=(' })).toThrow('unable to parse requirement');
  });
});
