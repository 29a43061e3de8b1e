/** `node probe.mjs PORT`: whether the worker on that port is ready; for the health checks of containers. */
import { get } from 'node:http';

const request = get(
  { host: '127.0.0.1', port: Number(process.argv[2]), path: '/readyz', headers: { host: 'localhost' } },
  (response) => {
    process.exit(response.statusCode === 200 ? 0 : 1);
  },
);
request.setTimeout(4000, () => request.destroy());
request.on('error', () => process.exit(1));
