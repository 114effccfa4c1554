import { Controller, Get, HttpStatus, Param } from '@nestjs/common';
import { access, answers, notFound, refuses, validated } from '@millrace/service/http';
import { {{Thing}}Store } from '../store/{{thing}}.store.js';
import { {{Key}}Param, {{Thing}}Answer } from './{{thing}}.schemas.js';

/** The newest of every {{aggregate}}. */
@Controller('{{things}}')
export class {{Things}}Controller {
  constructor(private readonly store: {{Thing}}Store) {}

  @Get(':{{key}}')
  @access('read')
  @answers(HttpStatus.OK, {{Thing}}Answer)
  @refuses(HttpStatus.NOT_FOUND, HttpStatus.UNPROCESSABLE_ENTITY)
  async one(@Param('{{key}}', validated({{Key}}Param)) {{key}}: string): Promise<{{Thing}}Answer> {
    const found = await this.store.find({{key}});
    if (!found) throw notFound('{{thing}}', {{key}});
    return {
      {{key}}: found.{{key}},
      eventId: found.eventId,
{{answerFields}}
    };
  }
}
