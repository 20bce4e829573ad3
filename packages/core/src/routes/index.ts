export { applyRoutes } from './apply-routes.js';
export { copiedFrom } from './copied-from.js';
export { describeEntry, describeRouteAction } from './describe-entry.js';
export { driftAmong, type RouteDrift } from './drift.js';
export { routeProblems } from './drift-problems.js';
export { intentsOf, type RouteAction, type RouteEntry, type RouteSpec } from './entry.js';
export { routeDimension } from './entry-rivals.js';
export { ABORT_STATUS, DURATION, durationMs, isAbortStatus, isPercent, PERCENT } from './fault-values.js';
export { listRoutes } from './list-routes.js';
export { planRoutes } from './plan-routes.js';
export { planClear, planRefresh, planStanding } from './plan-standing.js';
export { VERSION_LABEL } from './resolve-versions.js';
export { checkRouteName, defaultRouteName, isRouteName, ROUTE_NAME } from './route-name.js';
export { setEntry } from './set-entry.js';
export { describeShares, parseShares, type Share } from './shares.js';
export type {
  AppliedRoute,
  ClearRequest,
  RouteDeps,
  RouteEdit,
  RouteHooks,
  RoutePlan,
  RoutePlanning,
  RouteRequest,
  RoutesPlanning,
  StandingRoutes,
} from './types.js';
