import type { Scenario } from '@heddle/core';
import { bookinfo } from './bookinfo.js';
import { flaskapp } from './flaskapp.js';
import { tomcat } from './tomcat.js';

/** What `heddle sandbox start --mesh istio --scenario …` can start. */
export const scenarios: readonly Scenario[] = [tomcat, bookinfo, flaskapp];
