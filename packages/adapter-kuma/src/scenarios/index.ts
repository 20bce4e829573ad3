import type { Scenario } from '@heddle/core';
import { benigno, benignoTrafficRoute } from './benigno.js';

/** What `heddle sandbox start --mesh kuma --scenario …` can start. */
export const scenarios: readonly Scenario[] = [benigno, benignoTrafficRoute];
