import { Module } from '@nestjs/common';
import { runService } from '../index.js';
import { ServiceModule } from '../module.js';

@Module({ imports: [ServiceModule.forService({ name: 'fraud' })] })
class FraudModule {}

await runService({ name: 'fraud', load: async () => FraudModule });
