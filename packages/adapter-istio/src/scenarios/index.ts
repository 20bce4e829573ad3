import type { Scenario } from '@heddle/core';
import { tomcat } from './tomcat.js';

/** What `heddle sandbox start --mesh istio --scenario …` can start. */
export const scenarios: readonly Scenario[] = [tomcat];
