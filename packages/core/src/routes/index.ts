export { applySplit } from './apply-split.js';
export { applyClear, type ClearOptions, planClear } from './clear-route.js';
export { copiedFrom } from './copied-from.js';
export { planSplit } from './plan-split.js';
export { checkRouteName, DEFAULT_ROUTE_NAME } from './route-name.js';
export { describeShares, parseShares, type Share } from './shares.js';
export { staleRoutes } from './stale-routes.js';
export type { ClearPlan, ClearPlanning, ResolvedShare, RouteDeps, RouteHooks, RoutePlan, RoutePlanning, SplitOptions } from './types.js';
