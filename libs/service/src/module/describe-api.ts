import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** Serves the API's description at /docs (page) and /docs-json; it is made when somebody first asks for it. */
export function describeApi(app: INestApplication, name: string): void {
  const outline = new DocumentBuilder()
    .setTitle(`Millrace ${name}`)
    .setDescription('Errors are RFC 9457 problem documents.')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, outline), {
    raw: ['json'],
    customSiteTitle: `Millrace ${name}`,
  });
}
