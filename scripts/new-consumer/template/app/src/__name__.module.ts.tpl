import { Module } from '@nestjs/common';
import { ServiceModule } from '@millrace/service/module';
import { {{Things}}Controller } from './api/{{things}}.controller.js';
import { {{Name}}Consumer } from './{{name}}.consumer.js';
import { {{Thing}}Entity } from './store/{{thing}}.entity.js';
import { {{Thing}}Store } from './store/{{thing}}.store.js';

/** The {{name}} service: the newest that `{{topic}}` told of every {{aggregate}}. */
@Module({
  imports: [ServiceModule.forService({ name: '{{name}}', entities: [{{Thing}}Entity] })],
  controllers: [{{Name}}Consumer, {{Things}}Controller],
  providers: [{{Thing}}Store],
})
export class {{Name}}Module {}
