export { affects } from './affects.js';
export { detect, facts } from './detect.js';
export { gatewayProxies } from './gateway-proxies.js';
export { injects, inMesh } from './in-mesh.js';
export { kinds } from './kinds.js';
export { settings } from './settings.js';
