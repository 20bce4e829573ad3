import { expect, test } from 'vitest';
import type { Rule } from '../model/table.js';
import { describeTold } from './describe-told.js';
import { differingTold, toldParts } from './told-parts.js';

const told = (retry: unknown) => {
  const rule: Rule = { match: [], action: { status: 404 }, retry, owner: 'foreign', origins: [] };
  const outcomes = [{ probability: 1, host: 'web', pods: [{ namespace: 'shop', name: 'web-0' }] }];
  return toldParts({ rule, answer: { outcomes } as never }, undefined);
};

test('retries are told apart by what they are for, not by how that is written', () => {
  const retry = { attempts: 3, perTryTimeout: '2s', retryOn: '5xx,reset' };
  expect(differingTold(told(retry), told({ ...retry, retryOn: 'reset, 5xx' }))).toEqual([]);
  expect(differingTold(told(retry), told({ ...retry, retryOn: '5xx' }))).toEqual(['retry']);
  expect(differingTold(told(retry), told({ ...retry, attempts: 2 }))).toEqual(['retry']);
  expect(differingTold(told(retry), told(undefined))).toEqual(['retry']);
});

test.each([
  [{ attempts: 3, perTryTimeout: '2s', retryOn: '5xx,reset' }, '3 retries on 5xx,reset, 2s each'],
  [{ attempts: 1 }, '1 retry'],
  [{ attempts: 1, backoff: '1s' }, 'retries {"attempts":1,"backoff":"1s"}'],
  [undefined, 'no retries of the rule'],
])('retries %j are told as %s', (retry, words) => {
  const rule: Rule = { match: [], action: { status: 404 }, retry, owner: 'foreign', origins: [] };
  expect(describeTold({ rule, answer: { outcomes: [], status: 404 } as never }, ['retry'])).toBe(`404; ${words}`);
});
