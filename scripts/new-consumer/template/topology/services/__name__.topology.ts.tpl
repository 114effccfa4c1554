import type { ServiceTopology } from '../topology-types.js';

/** The {{name}} service: the newest that `{{topic}}` told of every {{aggregate}}. */
export const {{constant}}: ServiceTopology = {
  name: '{{name}}',
  port: {{port}},
  produces: [],
  consumes: [{ topic: '{{topic}}', ordering: '{{ordering}}' }],
};
