export { type FileGroup, fileEdit, fileGroups, leftFiles, withoutFiles } from './file-edits.js';
export { type FileProblem, type FileRouting, fileRouting, type PlacedFile, rivalFiles } from './file-routing.js';
export { isRoutesDocument, isRoutesFileName, parseRoutesFile, ROUTES_FILE_NAME } from './parse-routes-file.js';
export { type DescribedService, type DescribedVersion, type FileRoute, ROUTES_API_VERSION, ROUTES_KIND, type RoutesFile } from './types.js';
