// Lists of words.
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "redaction/conversation/words.h"

namespace flywheel::redaction {
namespace {

// Words of the sentences in which people answer, or do not answer, a question: English, German,
// French, Spanish, Italian, Portuguese, Dutch, and what help desks talk about.
constexpr char kSentenceWords[] =
    "a aan abbia aber about access account ach actually address adesso after afternoon "
    "again agent ago agora ahora ai ainda al alcuni algo alguien algum alguma alguna "
    "alguém algún all alle alles allora allow allí already als also always am an anche "
    "ancora and andere annoyed anonymous another antes any anyone anything anyway ao aos "
    "april aqui aquí are as ask asked assim así at até auch aucun aucune auf august "
    "aunque aus aussi autre aux avait avec avere avete avez avoir avons aware away ayer "
    "aún back bad bag baggage bags bah basta be because bedankt been before bei being "
    "believe ben bene bent bereits best bestellung better bien bij bin bis bit bitte "
    "bonjour book booking bored born both brauche brauchen bueno buongiorno busy but by "
    "bye c'è cada call can cancel cannot cant capisco car card cash casi ce cela celle "
    "celui certain certainly certificate ces cet cette change chat che check chi choose "
    "chose ci ciao claro client close coisa com come commande comme comment como compris "
    "con confirm confused connais contact contra contre correct cosa così could couldnt "
    "course cual cualquier cuando cuenta customer cuál cuándo cómo da dag dal dalla dan "
    "dank danke dann dans das dass dat date davvero day days de deber december decir dei "
    "dein del delete della dem den denn depends depois depuis der des desculpa desculpe "
    "desde deshalb después details deuxième deve devo deze di dia dice dico did didnt "
    "die dienstag dies diese different digo dimanche dire dis dit diz do doch doe doen "
    "does doesnt doing dois domingo donc donde done donnerstag dont door dopo dort dos "
    "dove du due durch dus déjà désolé día dónde e each earlier ecco economy een eens "
    "egal ein eine einen einer eines either ela ele eles ella elle elles ellos else em "
    "email en encore end enough entonces então er era eres erst erste es eso esos essa "
    "esse est esta este esto estou estoy está están et etwas eu eux even evening ever "
    "every everything exactly fa faire fait falsch fare fatto faut faz fazer february "
    "fertig fine first flight flights foi fois for forget forgot forse found freitag "
    "friday from frustrated fue full für fürs ganz geben geef geen geht genau gerade "
    "gern gerne geschickt get gewoon gibt gift give given già gli go goed going gone "
    "good got graag gracias grazie great guess gusta gut ha haar habe haben hace hacer "
    "had hai half hallo hang hanno happy has hasta hat hate have havent having hay he "
    "heb hebben heeft hello help hem her here het heute hey hi hier hij hilfe him ho hoe "
    "hoi hoje hola hold how however hoy human há hätte i ich ihr ihre ihren ik il ill "
    "ils im immer importa impossible in incorrect infatti info information instead "
    "insurance interested into io irgendwas irrelevant is isnt isso issue ist isto it "
    "item its ive ja jamais january je jetzt jeudi jij jou jueves jullie july june just "
    "juste já kan kann keep kein keine keinen kind klar know konto kunnen kunt können la "
    "las last later le leave left lei leider les less let lets leur lieber liever like "
    "listed live lo login look looking loro los lost luego lui lundi lunes là lá ma maar "
    "mach machen made mag mai mais make mal man manager mandat mandatory many march "
    "mardi martes mas mastercard matter maybe mañana me mean meer mehr mein meine meinen "
    "meiner mejor melhor membership mensch merci mercredi mes mesmo met meu meus mi mia "
    "mich mieux mij mijn mind mine minha minute mio mir mis mismo misschien mit mittwoch "
    "miércoles moet moi moins molto moment momento mon monday montag more morgen morning "
    "most mucho muito muss muy my más même mí möchte müssen na naar nach nada nadie name "
    "ne necesita necesito nee need nein neither nella nem nemmeno nenhum nenhuma nessuna "
    "nessuno never new next ni nice nicht nichts nie niemand niente niet niets night "
    "niks nil ninguna ninguno ningún no nobody noch nochmal nog noi nom nome non none "
    "nooit nope nor nos nosotros nossa not nothing notre nous nouveau november now "
    "nowhere nu nulla number nun nunca nur não nós nö o ob obrigada obrigado october "
    "oder of off ogni oh ohne ok okay old om on once onde onder one only ons ont ook op "
    "opción operator option optional opção or ora order ordine os other otherwise otra "
    "otro ou oui our out outra outro over own où par para parce parfait pas passport "
    "password pay payment paypal pedido pela pelo perché perdone perdón pero person "
    "personal però peut peux phone più plait plaît please plus plutôt poco pode poder "
    "poi points pois por porque posible possiamo possible posso postcode pour pourquoi "
    "pouvez precisa preciso prefer preferisco prefiero prefiro première prima primeira "
    "primera private problem pronto proprio provide près préfère puede puedo puis "
    "purchase può quais qual qualche qualcosa quale qualquer quand quando quanto que "
    "quel quella quelle quello quelqu quelque quem quero questa question questo qui "
    "quiero quite quién quoi qué rappelle rather read ready really reason refund refuse "
    "remember representative required reservation return rien right sa sabe said sais "
    "same samedi samstag sans saturday savoir say schon scusa scusi se second seconda "
    "secondo secret security see segunda sehr sei sein seit selbst sem sembra sempre "
    "send senza september ser sera serve ses seu seus share she should show si sia "
    "sicher sie siempre sim sin sind sir skip so sobre soll sollte solo some somebody "
    "someone something somewhere son sonntag sono sont soon sorry souhaite soy speak "
    "später sta stato stay still stimmt stop straks stuck su sua subito suis suitcase "
    "sunday sur sure sus são sé sì sí só sólo ta take tal talk también também tan tanto "
    "tard te telephone tell tem tener tengo tenho teria than thank thanks that thats the "
    "their them then there these they thing think third this those though three thursday "
    "ticket tickets tiene time tired tive to todavía today todo todos toi tomorrow ton "
    "too tot toujours tous tout toute tra trip trop try très tu tudo tuesday tut tutto "
    "tweede two type tú u uit um uma un una unavailable und under understand une "
    "unfortunately unknown unnecessary uno unos uns unsure unter until up upgrade us use "
    "user using usted utile uw va vai vais vale vamos van veces vediamo veel vendredi "
    "ver verdad vergessen verification very veux vez vide viel vielleicht viernes visa "
    "você vocês voglio voilà voir volta vom von voor vor vorrei vos votre vou voudrais "
    "vous vrai vraiment waar waarom wait want war warum was wasnt wat way we wednesday "
    "week weekend weet weil weinig weiter weiß wel welche welke well wenn went wer werd "
    "werden were what whatever whats when where whether which while who whole whom why "
    "wie wieder wij wil will wilt wir wird wish with without wo wofür wohl wollen wont "
    "work would wouldnt wozu wrong ya yeah yep yes yesterday yet yo you your yours zal "
    "ze zeggen zeker zelf zich zij zijn zip zo zonder zou zu zum zur zurück zweite ça è "
    "é él être über";

// Names, mostly of families, that stand in a text as other words more often.
constexpr char kWordsAndNames[] =
    "abend alma alt angel apple april art ash aspen august autumn bach ball banks basil "
    "bass bauer bay bean bear bell belle bello berg berger berry best bianca bianchi "
    "bill birch bird bishop black blair blanc blanche blanco blank bliss block bloom "
    "blossom blue blum bois bolt bon bond bonnet bosco boulanger bow bowman box branco "
    "brand brandy braun bravo bridge bright brito brook brown brun buck bull burns bush "
    "butcher butler buyer calle camp campo campos candy casa case cash castillo castle "
    "chance chapel charity chase cherry chevalier chiara chip christian church cielo "
    "clair claire clay cliff clover coast cole constant conte cook cool cooper coral "
    "cotton court craft crane cream crook cross crow crown cruz curry curtain daisy dale "
    "dash dawn day days dean dear deer delgado destiny diamond dick dolores dove drake "
    "drew duke early earnest east engel ernst esperanza eve ever fair faith falcon fall "
    "fan faria farmer fern field fields finch fine fiore fire fish fisher fleur flores "
    "flower flowers fly fontaine ford forest fortuna forêt foster fox frank free freeman "
    "frei french friend frost fuchs fuente gallo gardener gay gem gentry german gill "
    "gioia glass gloria gold golden good grace graf grand grant grave graves gray green "
    "grey gris gross grove groß guerra gun guy hall hand hands harbor hardy harm hase "
    "hastings haus haven hawk hay hazel head heart heath heather heaven held herb herbst "
    "herz hill hills holiday holly holz home honey hood hook hope horn house hunt hunter "
    "hurt ice iglesia indigo iris ivory ivy jack jardin jay jersey jet jewel job jock "
    "jour journey joy judge june jung juniper juste justice kaiser kamp kern king kings "
    "kirsch kit klein knight knowles koch korn kraft krug kunde kurz könig lace ladd "
    "lake lamb lance land lane lang lark law lawn lawyer legend leone level león licht "
    "lily lima lin linde linden link lion little lobo lock long look lord love lovely "
    "low luce lucky luna lune lyric löwe major maler mall man manning many mar march "
    "marchand mare marin marina marino mark marks marsh masters max may mayor meister "
    "mer mercedes mercy merry meu miles mill miller mills mine mint misty mohr mond "
    "monte montes monti moody moon moor moore more moreno morgen morning moss mount "
    "mountain muse nagel narr neri neu new newman nieves night noble noche noir north "
    "noël oak oakley ocean odd olive opal orange pace page palm parent paris park parks "
    "parson patience paz peace peak pearl pears pen penny pepper perch perle petal petit "
    "pierce pierre pike pilar pink pinto piper pitt plaza plum poe poirier pole pollard "
    "pond pont pool pope post power powers prado precious price priest prince prior "
    "prudence puerta quick rain ranger raven ray re read reader red reed regal reich "
    "reign reis renard rey rice rich richter rico ring rings rip river rivers rivière "
    "roach rob robin roche rock rocky roi rojo rosa rose roth rouge round royal rubio "
    "ruby rush rusty ríos sad sage sailor sala salt sand sandy sauer savage say schaf "
    "schatz schneider schnell schwarz schön scout sea season self serena serene sergeant "
    "shade sharp shaw shell shepherd shine shore short sieg sierra silver sky slater "
    "small smart smith snow soleil sommer song sonne sorge soto sparrow speed spiel "
    "spring sprout stadt star stark starr steel stella sterling stern still stock stone "
    "storm story street strong sturm sue summer summers sun sunny swan sweet swift tag "
    "tailor teal temple thyme tiger tischler tour trace trail tree trinity trip true "
    "tylor ulm vale valle van veil vera verde vest victory vigne villa vine viola violet "
    "vista vita vitale viña vogel voll waits wald walker wall walls wandel ward warden "
    "warren waters watts wave way weaver weg wein weiss weiß welt west wheat wheeler "
    "white wick wild will willow wills wilt win winner winter wirt wise wit wolf wood "
    "woods woody word worth wright wunder yard young zimmer";

// What programs and forms write where there is no value.
constexpr char kNothing[] =
    "- -- ? admin anonymous client customer default empty example false first guest last "
    "n/a na name nil no nobody none null optional required root string tbd test text "
    "true undefined unknown user value x xx xxx yes";

using Words = absl::flat_hash_set<std::string_view>;

Words Split(std::string_view list) {
  const std::vector<std::string_view> words = SplitList(list, ' ');
  return {words.begin(), words.end()};
}

}  // namespace

bool IsSentenceWord(std::string_view word) {
  static const Words& words = *new Words(Split(kSentenceWords));
  return words.contains(word);
}

bool IsWordAndName(std::string_view word) {
  static const Words& words = *new Words(Split(kWordsAndNames));
  return words.contains(word);
}

bool SaysNothing(std::string_view text) {
  static const Words& words = *new Words(Split(kNothing));
  return words.contains(text);
}

}  // namespace flywheel::redaction
