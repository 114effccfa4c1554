import { runService } from '@millrace/service';

const PREFERRED_PORT = 3_009;

/** `keeper run`: keeps connector and partitions until a signal stops it. */
export function run(): Promise<void> {
  return runService({
    name: 'keeper',
    port: PREFERRED_PORT,
    load: async () => (await import('../run/keeper.module.js')).KeeperModule,
  });
}
