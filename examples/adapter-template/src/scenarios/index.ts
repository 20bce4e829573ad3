import type { Scenario } from '@heddle/core';
import { reviews } from './reviews.js';

/** What `heddle sandbox start --mesh gateway-api --scenario …` can start: a cluster in one process, to try the adapter in. */
export const scenarios: readonly Scenario[] = [reviews];
