import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from 'bpmn-js-properties-panel'
import Modeler from 'bpmn-js/lib/Modeler.js'
import ZeebeBehaviorsModule from 'camunda-bpmn-js-behaviors/lib/camunda-cloud/index.js'
import { moddleExtensions, rendererOptions } from '../diagram/viewer.ts'
import { GuichetPropertiesModule, type GuichetWords } from './guichet-properties.ts'
import { translator } from './translate.ts'

export interface ModelerOptions {
  container: HTMLElement
  locale: 'fr' | 'en'
  words: GuichetWords
}

/** The process editor: bpmn-js, its properties panel in Camunda 8's dialect, and what Guichet adds. Keys work while the canvas has the focus. */
export function createModeler({ container, locale, words }: ModelerOptions): BpmnViewer {
  return new Modeler({
    container,
    moddleExtensions,
    ...rendererOptions,
    guichet: words,
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      ZeebeBehaviorsModule,
      GuichetPropertiesModule,
      { translate: ['value', translator(locale)] },
    ],
  })
}
