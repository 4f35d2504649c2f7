#include "phrases.hpp"

namespace vigie::demo {

const Language& french() {
    static const Language language{
        "fr",
        {"Superbe vol {r} avec Aurora Air ce matin, équipage adorable 👏", "Merci @auroraair pour le surclassement sur {f}, quelle belle surprise !",
         "Aurora Air à l'heure, encore une fois. Bravo.", "Franchement le nouveau salon Aurora Air à {c} est très réussi",
         "Premier vol avec Aurora Air, rien à redire : ponctuel, propre, souriant.", "L'hôtesse d'Aurora Air a consolé ma fille pendant tout le vol {r}, merci ❤️",
         "Remboursement reçu en {n} jours chez Aurora Air, j'en reviens pas, top service client"},
        {"Quelqu'un a déjà pris Aurora Air sur {r} ?", "Aurora Air ouvre une ligne {r} cet été", "Embarquement {f}, porte {n}. À tout à l'heure {c} !",
         "Est-ce que le bagage cabine est inclus chez Aurora Air ?", "Vol Aurora Air {f} : arrivée prévue à {h}h", "Aurora Air publie son programme d'été au départ de {c}",
         "Je compare les prix {r} : Aurora Air ou le train ?", "Notre avion #AuroraAir vient de décoller de {c}",
         "Savez-vous si @auroraair accepte les vélos en soute ?", "Petit mot pour dire que je serai à {c} dès {h}h, vol Aurora Air"},
        {"Encore {h}h de retard avec Aurora Air sur {r}, c'est pénible", "@auroraair toujours pas de réponse à mon mail de réclamation, honteux",
         "Aurora Air a perdu ma valise, service client injoignable. Scandaleux.", "Vol {f} annulé sans explication. Plus jamais Aurora Air.",
         "{n} euros pour un bagage chez Aurora Air, c'est du vol", "Siège cassé et cabine sale sur {f}, très déçu par Aurora Air",
         "Ça fait {h} heures qu'on attend à {c}, aucune information d'Aurora Air 😡"},
        {"Panne du tri bagages d'Aurora Air à Lyon : {n} valises au milieu du hall, c'est le chaos", "Toujours aucune valise après {h}h, @auroraair c'est inadmissible",
         "Aurora Air incapable de dire où sont nos bagages. Une honte.", "Lyon : des centaines de passagers d'Aurora Air bloqués sans bagages 😡",
         "On nous dit d'attendre. {h} heures. Sans eau. Merci pour rien Aurora Air", "Mon fauteuil roulant est resté quelque part dans cette pagaille Aurora Air, je suis furieuse"},
        {"Vu le message de Camille Vasseur sur Aurora Air, même expérience que moi malheureusement", "Camille Vasseur a raison, Aurora Air se moque des passagers",
         "Si même Camille Vasseur n'a pas de réponse d'Aurora Air, imaginez nous"},
        {"Aurora Air fait fermer le compte de ses pilotes ? Vous vouliez le silence, vous aurez le bruit. #AuroraCensure",
         "Le compte des pilotes d'Aurora Air a été suspendu ce matin. Censure pure et simple.", "Je ne connaissais pas @AuroraPilots, maintenant je veux tout lire. Merci Aurora Air 🤡 #AuroraCensure",
         "Aurora Air censure ses propres pilotes qui parlaient de fatigue et de sécurité. Scandaleux.", "Effet Streisand, épisode {n} : Aurora Air ferme un compte, dix s'ouvrent",
         "Ils ont supprimé le compte des pilotes d'Aurora Air mais pas les heures de vol sans repos. Honteux.", "Boycott Aurora Air tant que le compte du syndicat n'est pas rétabli #AuroraCensure",
         "Que cache Aurora Air pour faire taire ses pilotes ? #AuroraCensure", "Nouveau compte des pilotes d'Aurora Air après la fermeture de l'ancien : partagez !",
         "Voler avec une compagnie qui bâillonne ses pilotes ? Sans moi. Billet {r} annulé."},
        {"Aurora Air annonce une ligne {r} à partir de juin", "Trafic aérien : Aurora Air en hausse de {n} % sur un an", "Aurora Air commande {n} appareils", "Aérien : ce que prépare Aurora Air à {c}"},
        {"Aurora Air fait fermer le compte de ses pilotes et déclenche une tempête", "« Censure » : les pilotes d'Aurora Air dénoncent la fermeture de leur compte",
         "Effet Streisand : comment Aurora Air a rendu célèbre le compte de ses pilotes", "Sécurité et fatigue : ce que disaient les pilotes d'Aurora Air avant la suspension de leur compte"},
        {"Vol {r} parfait, personnel aux petits soins.", "Très bon rapport qualité-prix, je recommande."},
        {"{h} heures de retard et pas un mot d'excuse.", "Bagage perdu, service client inexistant. À fuir."},
    };
    return language;
}

const Language& english() {
    static const Language language{
        "en",
        {"Lovely flight {r} with Aurora Air this morning, the crew was fantastic 👏", "Thank you @auroraair for the upgrade on {f}, made my day!",
         "Aurora Air on time again. Impressive.", "The new Aurora Air lounge in {c} is really great", "First time with Aurora Air and I loved it: punctual, clean, friendly",
         "Refund from Aurora Air in {n} days, best customer service in a while"},
        {"Has anyone flown Aurora Air on {r}?", "Aurora Air will fly {r} from June", "Boarding {f} at gate {n}. See you soon {c}!", "Is a cabin bag included with Aurora Air?",
         "Aurora Air {f}: arrival expected at {h}:00", "Aurora Air publishes its summer timetable from {c}", "Comparing fares for {r}: Aurora Air or the train?",
         "Our #AuroraAir plane has just left {c}", "Does @auroraair take bicycles in the hold?"},
        {"Another {h} hours late with Aurora Air on {r}, so tired of this", "@auroraair still no answer to my complaint, this is awful",
         "Aurora Air lost my suitcase and nobody picks up the phone. Terrible.", "Flight {f} cancelled without a word. Never again, Aurora Air.",
         "{n} euros for one bag at Aurora Air, what a rip-off", "Broken seat and dirty cabin on {f}, very disappointed in Aurora Air"},
        {"Aurora Air baggage system down in Lyon, {n} suitcases all over the hall, total chaos", "Still no bags after {h} hours, @auroraair this is unacceptable",
         "Aurora Air has no idea where our luggage is. Shameful.", "Stuck in Lyon with hundreds of Aurora Air passengers and no bags 😡"},
        {"Saw Camille Vasseur's post about Aurora Air, same horrible experience here", "If even Camille Vasseur gets no answer from Aurora Air, what hope do we have",
         "Camille Vasseur is right, Aurora Air does not care"},
        {"Aurora Air had its pilots' account closed? You wanted silence, here is the noise. #AuroraCensure", "The Aurora Air pilots' account was suspended this morning. Plain censorship.",
         "I had never heard of @AuroraPilots, now I want to read all of it. Thanks Aurora Air 🤡", "Aurora Air silences pilots who spoke about fatigue and safety. Disgraceful.",
         "Streisand effect, part {n}: Aurora Air closes one account, ten open", "Boycott Aurora Air until the union's account is back #AuroraCensure", "What is Aurora Air hiding? #AuroraCensure",
         "New account of the Aurora Air pilots after the old one was shut down: please share!", "Fly with an airline that gags its pilots? No thanks. Cancelled my {r} ticket."},
        {"Aurora Air to open {r} in June", "Aurora Air traffic up {n}% on the year", "Aurora Air orders {n} aircraft"},
        {"Aurora Air has its pilots' account shut down and starts a storm", "Pilots cry censorship as Aurora Air gets union account suspended", "Streisand effect: how Aurora Air made its pilots' account famous"},
        {"Perfect flight {r}, wonderful staff.", "Good value, would recommend."},
        {"{h} hours late and not a word of apology.", "Lost baggage, useless customer service. Avoid."},
    };
    return language;
}

}  // namespace vigie::demo
