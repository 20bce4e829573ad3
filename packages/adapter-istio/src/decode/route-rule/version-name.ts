import type { Labels } from '@heddle/core';

/** What to call the pods that a RouteRule's labels choose, as it gives them no name. */
export const versionName = (labels: Labels): string => labels.version ?? Object.values(labels).join('-');
