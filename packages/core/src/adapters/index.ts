export { acceptedDeletion } from './accepted-deletion.js';
export { hasContainer, imageVersion } from './containers.js';
export { type Findings, findings } from './findings.js';
export { KUBERNETES_KINDS, READ_VERBS, servedVersions, WRITE_VERBS } from './kinds.js';
export { collectResults, ok, type Refused, type Result, refusal, refuse } from './result.js';
export { namespaceObject, serviceObject, workloadObjects } from './scenario-objects.js';
export { type NamedService, serviceAddresses, servicesNamed, splitHostPort } from './service-names.js';
export { describeUnread, refuseUnseenService, unreadGaps } from './unread.js';
